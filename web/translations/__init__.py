"""The two catalogues of the pages.

``zh_Hans`` translates the English sentences of the engine and of procurement; ``en`` translates the Chinese texts of the
pages. After adding a text run ``python -m web.translations``: it adds what is new to the .po files, drops what is gone and
compiles. Then fill in the empty ``msgstr`` and run it again; a test names what is still untranslated.
"""

"""What is different between two states of the same files, in words a designer reads. Pure: bytes in, values out.

``compare`` looks at two mappings from path to content; ``compare_file`` at one file. Diagrams are compared element by element,
tables rule by rule and cell by cell, forms field by field, texts line by line; a file that cannot be read is compared as text.
"""

from __future__ import annotations

from engine.comparing.files import compare, compare_file
from engine.comparing.model import ADDED, CHANGED, MOVED, REMOVED, Change, Difference, FileComparison, Line
from engine.comparing.words import WORDS

__all__ = [
    "ADDED",
    "CHANGED",
    "MOVED",
    "REMOVED",
    "WORDS",
    "Change",
    "Difference",
    "FileComparison",
    "Line",
    "compare",
    "compare_file",
]

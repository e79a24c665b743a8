"""The pages: one Flask application, one blueprint per audience.

To add a page: a module with a blueprint here, its name in ``web.pages.blueprints``, a row per route in
``web/auth/routes``, a template below ``web/templates`` that extends ``layout.html``, and perhaps an item in
``web/pages/navigation.py``.
"""

"""The studio's tables, one module for each matter."""

"""The rows of the access table, by who works there."""

"""Matters: the list, beginning one, and the pages of one."""

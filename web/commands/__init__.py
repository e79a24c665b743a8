"""Larger commands of ``bixuan``, one module for each matter."""

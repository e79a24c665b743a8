"""What differs between two states of diagrams, tables and forms."""

from __future__ import annotations

"""What is worth telling a designer about a set of files, beyond what deployment refuses."""

from __future__ import annotations

"""How much one expression may ask for. Designers upload FEEL, so every cost that can grow has an end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """Exceeding any of these raises FeelBoundExceeded (or FeelSyntaxError for the first two) with the name of the bound."""

    text_length: int = 20_000  # characters of one expression
    nesting: int = 50  # brackets, ifs, functions inside one another; five Python frames each
    chain: int = 250  # operators, else-ifs or path steps in a row; one Python frame each
    steps: int = 500_000  # loop rounds, list elements touched by built-in functions, function calls
    call_depth: int = 80  # functions calling functions
    collection: int = 100_000  # elements of one list, or nodes of one result
    string: int = 1_000_000  # characters of one string
    regex_seconds: float = 0.25  # one matches, replace or split


DEFAULT_BOUNDS = Bounds()

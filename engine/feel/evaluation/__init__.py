"""Importing the families registers the handler of every kind of node."""

from engine.feel.evaluation import access, calls, literals, loops, operators, tests
from engine.feel.evaluation.compiler import Code, Compiler

HANDLERS = (access, calls, literals, loops, operators, tests)

__all__ = ["HANDLERS", "Code", "Compiler"]

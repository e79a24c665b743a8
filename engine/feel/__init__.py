"""The FEEL language of DMN 1.5: expressions and unary tests, without any Python evaluation, within bounds."""

from engine.feel.analysis import Finding
from engine.feel.bounds import Bounds
from engine.feel.errors import FeelBoundExceeded, FeelError, FeelEvaluationError, FeelSyntaxError, Refused, Unanswerable
from engine.feel.language import Expression, Extension, Feel, UnaryTests
from engine.feel.values.durations import YearsMonths
from engine.feel.values.functions import Function, NativeFunction, Parameter
from engine.feel.values.ranges import Range
from engine.feel.values.types import FeelType, Value

__all__ = [
    "Bounds",
    "Expression",
    "Extension",
    "Feel",
    "FeelBoundExceeded",
    "FeelError",
    "FeelEvaluationError",
    "FeelSyntaxError",
    "FeelType",
    "Finding",
    "Function",
    "NativeFunction",
    "Parameter",
    "Range",
    "Refused",
    "Unanswerable",
    "UnaryTests",
    "Value",
    "YearsMonths",
]

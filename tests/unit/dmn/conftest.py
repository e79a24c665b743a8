from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape, quoteattr

import pytest

from engine.dmn import DecisionModel, load
from engine.feel import Feel

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
Make = Callable[..., DecisionModel]


@pytest.fixture(scope="session")
def feel() -> Feel:
    return Feel()


def column(kind: str, spec: Sequence[str]) -> str:
    """``(expression or name, type, allowed values)``."""
    name, type_ref, allowed = (*spec, "", "")[:3]
    reference = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    values = f"<{kind}Values><text>{escape(allowed)}</text></{kind}Values>" if allowed else ""
    if kind == "input":
        return f"<input label={quoteattr(name)}><inputExpression{reference}><text>{escape(name)}</text></inputExpression>{values}</input>"
    return f"<output name={quoteattr(name)}{reference}>{values}</output>"


def table_xml(inputs, outputs, rules, *, hit="UNIQUE", aggregation="", default="", annotations=("依据",)) -> str:
    """A decision table; a rule is its input cells, output cells and annotations in one row."""
    columns = "".join(column("input", spec) for spec in inputs) + "".join(column("output", spec) for spec in outputs)
    if default:
        columns = (
            columns.removesuffix("</output>")
            + f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry></output>"
        )
    columns += "".join(f"<annotation name={quoteattr(name)}/>" for name in annotations)
    rows = ""
    for n, cells in enumerate(rules, 1):
        tags = ["inputEntry"] * len(inputs) + ["outputEntry"] * len(outputs) + ["annotationEntry"] * len(annotations)
        inner = "".join(f"<{tag}><text>{escape(cell)}</text></{tag}>" for tag, cell in zip(tags, cells, strict=False))
        rows += f'\n<rule id="rule_{n}">{inner}</rule>'
    aggregate = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="the_table" hitPolicy="{hit}"{aggregate}>{columns}{rows}</decisionTable>'


def model_xml(body: str, *, namespace: str = "test") -> str:
    return f'<definitions xmlns="{NAMESPACE}" id="model" name="model" namespace="{namespace}">{body}</definitions>'


def decision_xml(logic: str, *, name: str = "route", type_ref: str = "", requires: str = "") -> str:
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>' if type_ref else ""
    return f'<decision id="{name}" name="{name}">{variable}{requires}{logic}</decision>'


@pytest.fixture
def make(feel: Feel) -> Make:
    """A model with one decision ``route`` that is the given table."""

    def make(inputs, outputs, rules, **more) -> DecisionModel:
        return load(model_xml(decision_xml(table_xml(inputs, outputs, rules, **more))), file="route.dmn", feel=feel)

    return make

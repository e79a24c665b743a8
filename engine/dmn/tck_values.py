"""The value notation of the DMN technology compatibility kit, read and written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from engine.dmn.xml import local, name_of
from engine.feel.values.literal import temporal_text
from engine.feel.values.reading import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.values.types import kind_of

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_TOLERANCE = Decimal("1e-8")  # results of exp, log and the like are given with some ten digits
_NAMES = {
    "number": "xsd:decimal",
    "string": "xsd:string",
    "boolean": "xsd:boolean",
    "date": "xsd:date",
    "time": "xsd:time",
    "date and time": "xsd:dateTime",
    "days and time duration": "xsd:duration",
    "years and months duration": "xsd:duration",
}


def read_value(node: etree._Element) -> Any:
    """The FEEL value inside an inputNode, expected, component or item."""
    parts = [part for part in node if isinstance(part.tag, str) and local(part) != "extensionElements"]
    if parts and local(parts[0]) == "component":
        return {name_of(part): None if _is_nil(part) else read_value(part) for part in parts}
    if not parts or _is_nil(parts[0]):
        return None
    if local(parts[0]) == "list":
        return [read_value(item) for item in parts[0] if isinstance(item.tag, str)]
    return _scalar(parts[0])


def _is_nil(node: etree._Element) -> bool:
    return node.get(f"{_XSI}nil") == "true"


def _scalar(node: etree._Element) -> Any:
    kind = (node.get(f"{_XSI}type") or "xsd:string").rpartition(":")[2]
    text = node.text or ""
    match kind:
        case "boolean":
            return text.strip() in ("true", "1")
        case "decimal" | "double" | "integer" | "int" | "long" | "float":
            return _number(text.strip())
        case "date":
            return parse_date(text.strip())
        case "time":
            return parse_time(text.strip())
        case "dateTime":
            return parse_date_time(text.strip())
        case "duration":
            return parse_duration(text.strip())
    return text


def _number(text: str) -> Decimal | None:
    """NaN and infinity are no FEEL numbers."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def written(value: Any) -> str:
    """``value`` as the kit writes expected values."""
    if isinstance(value, dict):
        return "".join(f"<component name={quoteattr(str(name))}>{written(inner)}</component>" for name, inner in value.items())
    if isinstance(value, list):
        return f"<list>{''.join(f'<item>{written(item)}</item>' for item in value)}</list>"
    if value is None:
        return '<value xsi:nil="true"/>'
    kind = kind_of(value)
    if kind == "boolean":
        text = "true" if value else "false"
    elif isinstance(value, Decimal):
        text = format(value, "f")
    else:
        text = value if isinstance(value, str) else temporal_text(value) or value.feel_text()
    return f'<value xsi:type="{_NAMES.get(kind, "xsd:string")}">{escape(text)}</value>'


def agree(expected: Any, actual: Any) -> bool:
    """Whether an actual value is the expected one; numbers may differ in the ninth digit."""
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and expected.keys() == actual.keys()
            and all(agree(v, actual[n]) for n, v in expected.items())
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and len(expected) == len(actual) and all(map(agree, expected, actual))
    if kind_of(expected) != kind_of(actual):
        return False
    if isinstance(expected, Decimal):
        return bool(abs(expected - actual) <= _TOLERANCE * max(Decimal(1), abs(expected)))
    if isinstance(expected, (dt.time, dt.datetime)):
        return temporal_text(expected) == temporal_text(actual) or bool(expected == actual and expected.tzinfo == actual.tzinfo)
    return bool(expected == actual)

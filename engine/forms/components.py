"""The builders of every component: what all have in common, containers, and what is only shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.forms.fields import build_field, is_locked_always
from engine.forms.formula import Setting
from engine.forms.markup import clean, safe_image
from engine.forms.model import (
    ROW_LIMIT,
    Blank,
    Button,
    Component,
    DocumentPreview,
    DynamicList,
    Field,
    Group,
    Guidance,
    Image,
    Layout,
    Table,
    Text,
    walk,
)
from engine.forms.raw import RawComponent
from engine.forms.template import Template
from engine.forms.vocabulary import EVERYWHERE, KINDS, REFUSED

Children = Callable[[Any, tuple[str, ...]], tuple[Component, ...]]
_ALIGNMENTS = ("start", "center", "end")


def build(raw: RawComponent, prefix: tuple[str, ...], children: Children) -> Component | None:
    """The component, or None when it cannot be built; every problem is noted. ``prefix`` is the path of the groups round it."""
    kind = KINDS.get(raw.type)
    if kind is None:
        _refuse_type(raw)
        return None
    for key in sorted(set(raw.raw) - EVERYWHERE - kind.keys):
        raw.problem("{type} has no key {key}; take it out.", type=raw.type, key=key)
    for part, allowed in (_PARTS | {"validate": kind.rules}).items():
        _check_part(raw, part, allowed)
    basis = {
        "type": raw.type,
        "id": raw.id,
        "line": raw.line,
        "label": raw.template("label"),
        "hide": _hide(raw),
        "guidance": _guidance(raw),
        "layout": Layout(raw.text("layout.row"), raw.whole("layout.columns", least=1, most=16)),
    }
    if "key" in kind.keys:
        return build_field(raw, basis, prefix + _path(raw, "key"))
    if raw.type in ("group", "dynamiclist"):
        return _container(raw, basis, prefix, children)
    return _presentation(raw, basis)


_PARTS = {
    "layout": frozenset({"row", "columns"}),
    "conditional": frozenset({"hide"}),
    "appearance": frozenset({"prefixAdorner", "suffixAdorner"}),
}


def _refuse_type(raw: RawComponent) -> None:
    if raw.type in REFUSED:
        raw.problem(REFUSED[raw.type])
    else:
        raw.problem("Component type {type} is not known. Known are: {known}.", type=raw.type or "(none)", known=", ".join(KINDS))


def _check_part(raw: RawComponent, part: str, allowed: frozenset[str]) -> None:
    value = raw.value(part)
    if value is None:
        return
    if not isinstance(value, Mapping):
        raw.problem("{key} must be an object.", key=part)
        return
    for key in sorted(set(value) - allowed):
        raw.problem("{part} of {type} has no key {key}; take it out.", part=part, type=raw.type, key=key)


def _hide(raw: RawComponent) -> Setting:
    hide = raw.text("conditional.hide")
    if hide and not hide.startswith("="):
        raw.problem('conditional.hide must be FEEL that begins with "=", not {value}.', value=hide)
        return Setting(False)
    return raw.setting("conditional.hide") if hide else Setting(False)


def _guidance(raw: RawComponent) -> Guidance:
    properties = raw.value("properties") or {}
    if not isinstance(properties, Mapping) or not all(isinstance(v, (str, int)) for v in properties.values()):
        raw.problem("properties must be names with texts.")
        return Guidance()
    for formula, sentence in (("rule", "ruleText"), ("warn", "warnText")):
        if bool(properties.get(formula)) != bool(properties.get(sentence)):
            raw.problem("properties.{a} and properties.{b} belong together: one is missing.", a=formula, b=sentence)
    return Guidance(
        help=raw.text("properties.help"),
        article=raw.text("properties.article"),
        unit=raw.text("properties.unit"),
        warn=raw.formula("properties.warn"),
        warn_text=raw.text("properties.warnText"),
        rule=raw.formula("properties.rule"),
        rule_text=raw.template("properties.ruleText"),
        properties={name: str(value) for name, value in properties.items()},
    )


def _path(raw: RawComponent, key: str, *, needed: bool = True) -> tuple[str, ...]:
    text = raw.text(key)
    if not text and not needed:
        return ()
    steps = text.split(".")
    if not all(re.fullmatch(r"\w+", step) and not step[0].isdigit() for step in steps):
        raw.problem(
            "{key} is {value}; it must be a name of letters, digits and _, or several joined by dots.",
            key=key,
            value=text or "empty",
        )
        return (raw.id,)
    return tuple(steps)


def _container(raw: RawComponent, basis: dict[str, Any], prefix: tuple[str, ...], children: Children) -> Component:
    inner = raw.value("components")
    outline = raw.flag("showOutline")
    alignment = raw.one_of("verticalAlignment", _ALIGNMENTS, "start")
    if raw.type == "group":
        path = prefix + _path(raw, "path", needed=False)
        return Group(**basis, components=children(inner, path), outline=outline, alignment=alignment)
    if not raw.flag("isRepeating", default=True):
        raw.problem("A dynamiclist that does not repeat is a group: use group.")
    raw.flag("disableCollapse")
    raw.whole("nonCollapsedItems", least=1)
    most = raw.whole("properties.maxRows", ROW_LIMIT, least=1, most=ROW_LIMIT) or ROW_LIMIT
    rows = DynamicList(
        **basis,
        path=prefix + _path(raw, "path"),
        components=children(inner, ()),
        first_rows=raw.whole("defaultRepetitions", 1, most=ROW_LIMIT) or 0,
        may_add=raw.flag("allowAddRemove", default=True),
        min_rows=raw.whole("properties.minRows", 0, most=most) or 0,
        max_rows=most,
        outline=outline,
    )
    if rows.may_add and any(
        isinstance(c, Field) and c.type != "expression" and is_locked_always(c) for c in walk(rows.components)
    ):
        raw.problem("Rows that people add and remove cannot hold read-only fields: set allowAddRemove to false.")
    return rows


def _presentation(raw: RawComponent, basis: dict[str, Any]) -> Component | None:
    match raw.type:
        case "text":
            return Text(**basis, text=raw.template("text"))
        case "html":
            content = raw.template("content")
            constant = Template((clean(raw.text("content")),))
            return Text(**basis, text=constant if content.is_constant else content, is_html=True)
        case "image":
            return _image(raw, basis)
        case "button":
            return Button(**basis, action=raw.one_of("action", ("submit", "reset"), "submit"))
        case "separator" | "spacer":
            return Blank(**basis, height=raw.whole("height", 0, most=2000) or 0)
    source = raw.formula("dataSource")
    if source is None:
        raw.problem("dataSource must be FEEL that gives a list.")
        return None
    if raw.type == "documentPreview":
        return DocumentPreview(**basis, source=source, title=raw.text("title"), max_height=raw.whole("maxHeight", least=1))
    return Table(
        **basis,
        source=source,
        columns=_columns(raw),
        columns_expression=raw.formula("columnsExpression"),
        rows_shown=raw.whole("rowCount", 10, least=1, most=1000) or 10,
    )


def _image(raw: RawComponent, basis: dict[str, Any]) -> Image:
    source = raw.template("source")
    if source.is_constant and not safe_image(raw.text("source")):
        raw.problem("A picture must lie on this server (/…) or inside the form (data:image/…): others would see who looks at it.")
    return Image(**basis, source=source, alt=raw.template("alt"))


def _columns(raw: RawComponent) -> tuple[tuple[str, str], ...]:
    columns = raw.value("columns")
    if (columns is None) == (raw.value("columnsExpression") is None):
        raw.problem("Give either columns or columnsExpression.")
    if columns is None:
        return ()
    is_list = isinstance(columns, list) and all(isinstance(c, Mapping) and isinstance(c.get("key"), str) for c in columns)
    if not is_list:
        raw.problem("columns must be a list of objects with key and label.")
        return ()
    return tuple((c["key"], str(c.get("label", c["key"]))) for c in columns)

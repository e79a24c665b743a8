"""The builders of components that submit a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.feel import Expression
from engine.forms.formula import Scope, Setting
from engine.forms.model import (
    CheckboxField,
    ChoiceField,
    DateTimeField,
    ExpressionField,
    Field,
    FileField,
    NumberField,
    Option,
    TextField,
)
from engine.forms.raw import RawComponent
from engine.forms.state import option_of
from engine.forms.values import Refused, option_text, typed


def build_field(raw: RawComponent, basis: dict[str, Any], path: tuple[str, ...]) -> Field | None:
    """The field of this component type with its default checked; None when it cannot be built (the problem is noted)."""
    basis |= {
        "key": raw.text("key"),
        "path": path,
        "description": raw.template("description"),
        "readonly": raw.switch("readonly"),
        "disabled": raw.switch("disabled"),
        "required": raw.switch("validate.required"),
    }
    field = _specific(raw, basis)
    return None if field is None else _with_default(raw, field)


def _specific(raw: RawComponent, basis: dict[str, Any]) -> Field | None:
    match raw.type:
        case "textfield" | "textarea":
            return _text(raw, basis)
        case "number":
            return _number(raw, basis)
        case "datetime":
            return _datetime(raw, basis)
        case "checkbox":
            return CheckboxField(**basis)
        case "checklist" | "radio" | "select" | "taglist":
            return _choice(raw, basis)
        case "filepicker":
            return FileField(**basis, accept=raw.setting("accept"), multiple=raw.switch("multiple"))
    raw.one_of("computeOn", ("change", "presubmit"), "change")  # the server computes both times
    expression = raw.formula("expression")
    if expression is None:
        if not raw.value("expression"):
            raw.problem("An expression field needs an expression.")
        return None
    return ExpressionField(**basis, expression=expression)


def _text(raw: RawComponent, basis: dict[str, Any]) -> TextField:
    pattern = raw.text("validate.pattern")
    return TextField(
        **basis,
        multiline=raw.type == "textarea",
        min_length=raw.limit("validate.minLength"),
        max_length=raw.limit("validate.maxLength"),
        pattern=pattern,
        pattern_message=raw.text("validate.patternErrorMessage"),
        pattern_test=_pattern_test(raw, pattern),
        validation=raw.one_of("validate.validationType", ("", "custom", "email", "phone"), "").replace("custom", ""),
        prefix=_adorner(raw, "prefixAdorner"),
        suffix=_adorner(raw, "suffixAdorner"),
    )


def _pattern_test(raw: RawComponent, pattern: str) -> Expression | None:
    """FEEL's own matches() tests the pattern, because it is bounded in time."""
    if not pattern:
        return None
    test = raw.file.feel.expression("matches(value, pattern)")
    if test.evaluate({"value": "", "pattern": pattern}) is None:
        raw.problem("validate.pattern is not a pattern that can be tested: {pattern}.", pattern=pattern)
    return test


def _number(raw: RawComponent, basis: dict[str, Any]) -> NumberField:
    step = raw.number("increment")
    if step is not None and step <= 0:
        raw.problem("increment must be greater than 0, not {step}.", step=step)
        step = None
    return NumberField(
        **basis,
        minimum=raw.limit("validate.min"),
        maximum=raw.limit("validate.max"),
        decimal_digits=raw.whole("decimalDigits", most=30),
        step=step,
        as_text=raw.flag("serializeToString"),
        prefix=_adorner(raw, "prefixAdorner"),
        suffix=_adorner(raw, "suffixAdorner"),
    )


def _adorner(raw: RawComponent, name: str) -> Any:
    return raw.template(f"appearance.{name}")


def _datetime(raw: RawComponent, basis: dict[str, Any]) -> DateTimeField:
    raw.flag("use24h")  # pages always show 24 hours
    return DateTimeField(
        **basis,
        subtype=raw.one_of("subtype", ("date", "time", "datetime"), "date"),
        time_format=raw.one_of("timeSerializingFormat", ("utc_offset", "utc_normalized", "no_timezone"), "utc_offset"),
        time_step=raw.whole("timeInterval", 1, least=1, most=60) or 1,
        not_before_today=raw.flag("disallowPassedDates"),
        date_label=raw.template("dateLabel"),
        time_label=raw.template("timeLabel"),
    )


def _choice(raw: RawComponent, basis: dict[str, Any]) -> ChoiceField:
    sources = [key for key in ("values", "valuesKey", "valuesExpression") if raw.has(key)]
    if len(sources) != 1:
        raw.problem("Give the options in one of values, valuesKey or valuesExpression; there are {count}.", count=len(sources))
    key = raw.text("valuesKey")
    return ChoiceField(
        **basis,
        multiple=raw.type in ("checklist", "taglist"),
        options=_options(raw),
        options_key=tuple(key.split(".")) if key else (),
        options_expression=raw.formula("valuesExpression"),
        searchable=raw.flag("searchable"),
    )


def _options(raw: RawComponent) -> tuple[Option, ...]:
    values = raw.value("values")
    if values is None:
        return ()
    options = [option_of(value) for value in values] if isinstance(values, list) else []
    if not options or None in options or any(isinstance(v, Mapping) and set(v) - {"label", "value"} for v in values):
        raw.problem("values must be a list of objects with label and value.")
    found = [option for option in options if option]
    texts = [option_text(option.value) for option in found]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        raw.problem("Option {value} is there twice.", value=text)
    return tuple(found)


def _with_default(raw: RawComponent, field: Field) -> Field:
    """A default must be acceptable as a value of its field: nobody should meet an error before having typed anything."""
    default = raw.value("defaultValue")
    if default is None:
        return field
    if isinstance(default, str) and default.startswith("="):
        raw.problem("defaultValue cannot be a formula: set the variable before the task, or use an expression field.")
        return field
    if isinstance(field, FileField):
        raw.problem("A file field cannot have a defaultValue.")
        return field
    try:
        value = typed(field, default, None)
    except Refused as refusal:
        raw.problem("defaultValue {value} does not fit: {cause}", value=default, cause=refusal.at(""))
        return field
    if isinstance(field, ChoiceField) and field.options:
        known = {option_text(option.value) for option in field.options}
        for choice in value if field.multiple else [value]:
            if option_text(choice) not in known:
                raw.problem("defaultValue {value} is not one of the options.", value=choice)
    return replace(field, default=value)


def is_locked_always(field: Field) -> bool:
    """True for a field whose readonly or disabled is the constant true."""
    nothing = Scope({})
    locks: tuple[Setting, ...] = (field.readonly, field.disabled)
    return any(lock.expression is None and lock.holds(nothing) for lock in locks)

"""What a typed value must satisfy: required, limits, patterns, membership, and the designer's own rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from engine.errors import FieldError
from engine.forms import messages
from engine.forms.formula import Scope
from engine.forms.model import (
    LONG_TEXT_LIMIT,
    TEXT_LIMIT,
    CheckboxField,
    ChoiceField,
    DateTimeField,
    DynamicList,
    ExpressionField,
    Field,
    FileField,
    NumberField,
    TextField,
)
from engine.forms.patterns import is_email, is_phone
from engine.forms.state import ComponentState
from engine.forms.template import shown
from engine.forms.values import Refused, option_text


@dataclass(frozen=True)
class Limits:
    """What a check needs beyond the form: which files were uploaded (SHA-256; None accepts any) and the present time."""

    files: Collection[str] | None = None
    now: dt.datetime | None = None


def check(state: ComponentState, value: Any, limits: Limits) -> Any:
    """``value`` as it is stored (an option's own value for choices), or Refused with the sentence for the person."""
    component = state.component
    _check_presence(state, value)
    match component:
        case ExpressionField() | CheckboxField():
            return value
        case ChoiceField():
            return _check_choice(state, component, value)
        case DynamicList():
            _check_rows(component, value)
        case FileField():
            _check_files(state, value or [], limits.files)
        case _ if value is None:
            return None
        case TextField():
            _check_text(state, component, value)
        case NumberField():
            _check_number(state, component, Decimal(value))
        case DateTimeField():
            _check_moment(component, value, limits.now)
    return value


def broken_rule(state: ComponentState) -> FieldError | None:
    """The designer's ``rule``: broken when false, or when it cannot be decided although everything it reads is there."""
    rule = state.component.guidance.rule
    if rule is None or state.hidden:
        return None
    verdict = state.scope.evaluate(rule)
    is_undecided_for_lack_of_input = verdict is None and any(state.scope.names.get(name) is None for name in rule.variables)
    if verdict is True or is_undecided_for_lack_of_input:
        return None
    return FieldError(state.path, state.component.guidance.rule_text.fill(state.scope) or messages.RULE)


def _check_presence(state: ComponentState, value: Any) -> None:
    component = state.component
    if not state.required or not isinstance(component, Field):
        return
    if isinstance(component, CheckboxField) and value is not True:
        raise Refused(messages.REQUIRED_CHECK)
    if isinstance(component, FileField) and not value:
        raise Refused(messages.REQUIRED_FILE)
    if isinstance(component, ChoiceField) and component.multiple and not value:
        raise Refused(messages.REQUIRED_CHOICE)
    if value is None:
        raise Refused(messages.REQUIRED)


def _check_choice(state: ComponentState, component: ChoiceField, value: Any) -> Any:
    known = state.offered
    chosen = value if component.multiple else [value]
    for choice in chosen:
        if choice is not None and option_text(choice) not in known:
            raise Refused(messages.NOT_AN_OPTION, value=option_text(choice)[:60])
    matched = [None if choice is None else known[option_text(choice)] for choice in chosen]
    return matched if component.multiple else matched[0]


def _check_text(state: ComponentState, component: TextField, value: str) -> None:
    longest = LONG_TEXT_LIMIT if component.multiline else TEXT_LIMIT
    if state.max_length is not None:
        longest = min(state.max_length, LONG_TEXT_LIMIT)
    if len(value) > longest:
        raise Refused(messages.TOO_LONG, max=longest, length=len(value))
    if state.min_length is not None and len(value) < state.min_length:
        raise Refused(messages.TOO_SHORT, min=state.min_length, length=len(value))
    if component.pattern_test is not None:
        fits = Scope({"value": value, "pattern": component.pattern}).evaluate(component.pattern_test)
        if fits is not True:
            raise Refused(component.pattern_message or messages.PATTERN)
    if component.validation == "email" and not is_email(value):
        raise Refused(messages.NOT_EMAIL)
    if component.validation == "phone" and not is_phone(value):
        raise Refused(messages.NOT_PHONE)


def _check_number(state: ComponentState, component: NumberField, value: Decimal) -> None:
    digits = component.decimal_digits
    if digits is not None and len(shown(value).partition(".")[2].rstrip("0")) > digits:
        raise Refused(messages.NOT_WHOLE if digits == 0 else messages.TOO_MANY_DECIMALS, digits=digits)
    if state.minimum is not None and value < state.minimum:
        raise Refused(messages.TOO_SMALL, min=shown(state.minimum))
    if state.maximum is not None and value > state.maximum:
        raise Refused(messages.TOO_LARGE, max=shown(state.maximum))
    if component.step:
        _check_step(value, component.step)


def _check_step(value: Decimal, step: Decimal) -> None:
    with localcontext(prec=100):  # the remainder of two 34-digit numbers is exact
        rest = value % step
        below = value - rest - (step if value < 0 else 0)
        if rest:
            raise Refused(messages.NOT_A_STEP, step=shown(step), below=shown(below), above=shown(below + step))


def _check_moment(component: DateTimeField, value: str, now: dt.datetime | None) -> None:
    if component.not_before_today and component.subtype != "time":
        if now is None:
            raise ValueError(f"the present time is needed to check {component.key}")
        day = now.date() if component.subtype == "date" else _in_zone_of(value, now).date()
        if value[:10] < day.isoformat():
            raise Refused(messages.DATE_PASSED, today=day.isoformat())
    if component.subtype != "date" and component.time_step > 1:
        clock = value[11:] if component.subtype == "datetime" else value
        if int(clock[3:5]) % component.time_step:
            raise Refused(messages.TIME_STEP, step=component.time_step)


def _in_zone_of(value: str, now: dt.datetime) -> dt.datetime:
    zone = dt.datetime.fromisoformat(value).tzinfo
    return now.astimezone(zone) if zone else now


def _check_rows(component: DynamicList, rows: Any) -> None:
    count = len(rows or [])
    if count > component.max_rows:
        raise Refused(messages.TOO_MANY_ROWS, max=component.max_rows, count=count)
    if count < component.min_rows:
        raise Refused(messages.TOO_FEW_ROWS, min=component.min_rows, count=count)


def _check_files(state: ComponentState, references: list[dict[str, Any]], known: Collection[str] | None) -> None:
    if len(references) > 1 and not state.multiple:
        raise Refused(messages.TOO_MANY_FILES)
    for reference in references:
        if known is not None and reference["sha256"] not in known:
            raise Refused(messages.FILE_UNKNOWN, name=reference["name"])
        if not _is_accepted(reference, state.accept):
            raise Refused(messages.FILE_TYPE, name=reference["name"], accept=state.accept)


def _is_accepted(reference: dict[str, Any], accept: str) -> bool:
    kinds = [kind.strip().lower() for kind in accept.split(",") if kind.strip()]
    name, media_type = reference["name"].lower(), reference["media_type"].lower()
    for kind in kinds:
        is_family = kind.endswith("/*") and media_type.startswith(kind[:-1])
        if is_family or (kind.startswith(".") and name.endswith(kind)) or kind == media_type:
            return True
    return not kinds

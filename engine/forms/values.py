"""One submitted value becomes the typed value of its field, from JSON or from the strings of an HTML form.

Text → str, number → Decimal (str with serializeToString), checkbox → bool, dates and times → ISO str, files → list of references.
Empty input is None (False for a checkbox, [] for lists). Choices are matched against their options later: options may depend
on other values.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import FieldError
from engine.forms import messages
from engine.forms.model import CheckboxField, ChoiceField, DateTimeField, Field, FileField, NumberField, TextField
from engine.forms.moments import date_text, date_time_text, time_text

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+")
_MAX_DIGITS = 34  # FEEL numbers are exact up to here
# control characters, halves of surrogate pairs, marks that turn the direction of writing, no characters at all
_HIDDEN = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u202a-\\u202e\\u2066-\\u2069\\ufffe\\uffff"
_HIDDEN_IN_LINES = re.compile(f"[{_HIDDEN}]")
_HIDDEN_IN_LINE = re.compile(f"[\\t\\n{_HIDDEN}]")
_CHECKED = frozenset({"on", "true", "1", "yes"})
_UNCHECKED = frozenset({"off", "false", "0", "no", ""})
_MOMENTS: dict[str, Callable[[str, str, dt.tzinfo | None], str | None]] = {
    "date": date_text,
    "time": time_text,
    "datetime": date_time_text,
}
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Refused(ValueError):
    """A value that does not have the type of its field."""

    def __init__(self, template: str, **params: Any) -> None:
        super().__init__(template)
        self.template = template
        self.params = params

    def at(self, path: str) -> FieldError:
        return FieldError(path, self.template, self.params)


def typed(component: Field, raw: Any, zone: dt.tzinfo | None) -> Any:
    """The typed value of ``raw``, or Refused. ``zone`` is used for times that were entered without one."""
    match component:
        case CheckboxField():
            return _checkbox(raw)
        case ChoiceField(multiple=True):
            return _choices(raw)
        case FileField():
            return _files(raw)
        case NumberField():
            return _number(component, _single(raw))
        case DateTimeField():
            return _moment(component, _single(raw), zone)
        case ChoiceField():
            return _choice(_single(raw))
        case TextField():
            return _text(_single(raw), multiline=component.multiline)
    return raw


def readable(text: str, *, multiline: bool = False) -> str:
    """``text`` without spaces at its ends; Refused when it holds a character that cannot be shown."""
    if "\r" in text or "\ufeff" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    text = text.strip()
    found = (_HIDDEN_IN_LINES if multiline else _HIDDEN_IN_LINE).search(text)
    if found:
        raise Refused(messages.CONTROL_CHARACTER, character=f"U+{ord(found[0]):04X}")
    return text


def option_text(value: Any) -> str:
    """The one text of an option's value, by which what an HTML form sends is recognised."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        text = format(Decimal(str(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _single(raw: Any) -> Any:
    if isinstance(raw, (list, tuple)):
        if len(raw) > 1:
            raise Refused(messages.ONE_VALUE)
        return raw[0] if raw else None
    return raw


def _text(raw: Any, *, multiline: bool) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise Refused(messages.NOT_TEXT)
    return readable(raw, multiline=multiline) or None


def _number(component: NumberField, raw: Any) -> Decimal | str | None:
    if isinstance(raw, str):
        raw = raw.strip()
        if not raw:
            return None
        if not _NUMBER.fullmatch(raw):
            raise Refused(messages.NOT_NUMBER)
        raw = Decimal(raw.replace(",", ""))
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        raise Refused(messages.NOT_NUMBER)
    number = raw if isinstance(raw, Decimal) else Decimal(str(raw))
    if not number.is_finite():
        raise Refused(messages.NOT_NUMBER)
    text = str(number)
    if len(text) > _MAX_DIGITS or "E" in text:  # else it has neither too many digits nor a power of ten to be written out
        if len(number.as_tuple().digits) > _MAX_DIGITS or abs(number.adjusted()) > _MAX_DIGITS:
            raise Refused(messages.TOO_MANY_DIGITS, max=_MAX_DIGITS)
        text = format(number, "f")
        number = Decimal(text)
    return text if component.as_text else number


def _checkbox(raw: Any) -> bool:
    if isinstance(raw, (list, tuple)):  # a hidden "false" before the box: the last one counts
        raw = raw[-1] if raw else None
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    if isinstance(raw, str) and raw.strip().lower() in _CHECKED | _UNCHECKED:
        return raw.strip().lower() in _CHECKED
    raise Refused(messages.NOT_YES_NO)


def _choice(raw: Any) -> Any:
    if raw is None or raw == "":
        return None
    if isinstance(raw, str):
        return readable(raw)
    if isinstance(raw, (bool, int, float, Decimal)):
        return raw
    raise Refused(messages.NOT_AN_OPTION, value=str(raw)[:60])


def _choices(raw: Any) -> list[Any]:
    items = raw if isinstance(raw, (list, tuple)) else [raw]
    chosen = [choice for choice in map(_choice, items) if choice is not None]
    texts = [option_text(choice) for choice in chosen]
    for text in texts:
        if texts.count(text) > 1:
            raise Refused(messages.CHOSEN_TWICE, value=text[:60])
    return chosen


def _moment(component: DateTimeField, raw: Any, zone: dt.tzinfo | None) -> str | None:
    if raw is None or raw == "":
        return None
    text = raw.isoformat() if isinstance(raw, (dt.date, dt.time)) else raw
    read = _MOMENTS[component.subtype]
    result = read(text.strip(), component.time_format, zone) if isinstance(text, str) else None
    if result is None:
        raise Refused({"date": messages.NOT_DATE, "time": messages.NOT_TIME}.get(component.subtype, messages.NOT_DATE_TIME))
    return result


def _files(raw: Any) -> list[dict[str, Any]]:
    if raw is None or raw == "":
        return []
    items = raw if isinstance(raw, (list, tuple)) else [raw]
    return [_file(item) for item in items if item not in ("", None)]


def _file(raw: Any) -> dict[str, Any]:
    """A reference to stored content: {name, size, sha256, media_type}; anything else in it is dropped."""
    if not isinstance(raw, Mapping):
        raise Refused(messages.NOT_FILES, value=str(raw)[:60])
    name, size, sha256, media_type = (raw.get(key) for key in ("name", "size", "sha256", "media_type"))
    if not isinstance(name, str) or not 0 < len(name) <= 255 or any(c in name for c in "/\\") or readable(name) != name:
        raise Refused(messages.FILE_NAME)
    is_reference = isinstance(size, int) and not isinstance(size, bool) and size >= 0
    is_reference = is_reference and isinstance(sha256, str) and _SHA256.fullmatch(sha256) is not None
    if not is_reference or not isinstance(media_type, str) or len(media_type) > 127:
        raise Refused(messages.NOT_FILES, value=name[:60])
    return {"name": name, "size": size, "sha256": sha256, "media_type": readable(media_type)}

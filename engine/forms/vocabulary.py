"""Which form-js component types and keys are understood. Anything else is refused when a form is read."""

from __future__ import annotations

from dataclasses import dataclass

LATEST_SCHEMA = 19
FORM_KEYS = frozenset(
    {
        "type",
        "id",
        "title",
        "schemaVersion",
        "components",
        "exporter",
        "executionPlatform",
        "executionPlatformVersion",
        "versionTag",
    }
)
EVERYWHERE = frozenset({"type", "id", "layout", "conditional", "properties"})
FIELD = frozenset({"key", "label", "description", "readonly", "disabled", "defaultValue", "validate"})
OPTIONS = frozenset({"values", "valuesKey", "valuesExpression"})
CONTAINER = frozenset({"label", "path", "components", "showOutline", "verticalAlignment"})

# what a designer may put into ``properties``; other names are kept and handed to the pages untouched
GUIDANCE = {
    "help": "what the law wants here, shown beside the field",
    "article": "the article of the rules this field answers, e.g. 第九条(二)",
    "unit": "shown after the value, e.g. 元",
    "warn": "FEEL; when true, `warnText` is shown as advice, nothing is refused",
    "warnText": "the advice",
    "rule": "FEEL over all values; when false the form is refused with `ruleText` beside this component",
    "ruleText": "the sentence shown when `rule` is false; may hold {{ FEEL }}",
    "minRows": "dynamiclist: fewest rows",
    "maxRows": "dynamiclist: most rows (never above 500)",
}


@dataclass(frozen=True)
class Kind:
    """One component type: the keys it may have beside those every component has, and its ``validate`` rules."""

    keys: frozenset[str]
    rules: frozenset[str]
    value: str  # what it submits, for the reference page


def _kind(keys: frozenset[str], more: str = "", rules: str = "", value: str = "") -> Kind:
    return Kind(keys | frozenset(more.split()), frozenset(rules.split()), value)


KINDS: dict[str, Kind] = {
    "textfield": _kind(
        FIELD,
        "appearance",
        "required minLength maxLength pattern patternErrorMessage validationType",
        "text of one line, at most 4,000 characters",
    ),
    "textarea": _kind(FIELD, "", "required minLength maxLength", "text, at most 50,000 characters"),
    "number": _kind(FIELD, "appearance decimalDigits increment serializeToString", "required min max", "decimal number"),
    "datetime": _kind(
        FIELD,
        "subtype dateLabel timeLabel use24h timeSerializingFormat timeInterval disallowPassedDates",
        "required",
        "ISO text: 2026-03-02, 14:30:00, 2026-03-02T14:30:00+08:00",
    ),
    "checkbox": _kind(FIELD, "", "required", "true or false"),
    "checklist": _kind(FIELD | OPTIONS, "", "required", "list of option values"),
    "radio": _kind(FIELD | OPTIONS, "", "required", "one option value"),
    "select": _kind(FIELD | OPTIONS, "searchable", "required", "one option value"),
    "taglist": _kind(FIELD | OPTIONS, "searchable", "required", "list of option values"),
    "filepicker": _kind(FIELD, "accept multiple", "required", "list of file references {name, size, sha256, media_type}"),
    "expression": _kind(
        frozenset({"key", "label", "expression", "computeOn"}), value="what its FEEL gives, computed by the server"
    ),
    "group": _kind(CONTAINER, value="nothing itself; with `path` its fields lie under that name"),
    "dynamiclist": _kind(
        CONTAINER,
        "isRepeating allowAddRemove defaultRepetitions disableCollapse nonCollapsedItems",
        value="list of rows",
    ),
    "table": _kind(frozenset({"label", "dataSource", "columns", "columnsExpression", "rowCount"})),
    "text": _kind(frozenset({"text"})),
    "html": _kind(frozenset({"content"})),
    "image": _kind(frozenset({"source", "alt"})),
    "button": _kind(frozenset({"label", "action"})),
    "separator": _kind(frozenset()),
    "spacer": _kind(frozenset({"height"})),
    "documentPreview": _kind(frozenset({"label", "title", "dataSource", "maxHeight"})),
}

REFUSED: dict[str, str] = {
    "iframe": "An embedded page could show anything. Use html for text or image for a picture instead of iframe.",
}

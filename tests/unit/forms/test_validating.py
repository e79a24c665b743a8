"""What people type becomes values, or a sentence beside the field."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from engine.feel import Feel, FeelBoundExceeded

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
REF = {"name": "plan.pdf", "size": 12, "sha256": "ab" * 32, "media_type": "application/pdf"}


def errors(form, values, context=None, **more):
    return {e.path: e.message for e in form.validate(values, context or {}, **more).errors}


def one(make, component, raw):
    form = make({"key": "a", **component})
    result = form.validate({"a": raw}, {}, now=NOW)
    return result.errors[0].message if result.errors else result.values["a"]


@pytest.mark.parametrize(
    ("component", "raw", "expected"),
    [
        ({"type": "textfield"}, "  社区 ", "社区"),
        ({"type": "textfield"}, "", None),
        ({"type": "textfield"}, ["one"], "one"),
        ({"type": "textarea"}, "a\r\nb\tc", "a\nb\tc"),
        ({"type": "number"}, "48,000.50", Decimal("48000.50")),
        ({"type": "number"}, 48000, Decimal(48000)),
        ({"type": "number"}, 0.1, Decimal("0.1")),
        ({"type": "number"}, " ", None),
        ({"type": "number", "serializeToString": True}, "00.10", "0.10"),
        ({"type": "number", "decimalDigits": 2}, "1.500", Decimal("1.500")),
        ({"type": "checkbox"}, "on", True),
        ({"type": "checkbox"}, ["false", "true"], True),
        ({"type": "checkbox"}, None, False),
        ({"type": "datetime"}, "2026-3-2", "2026-03-02"),
        ({"type": "datetime", "subtype": "time"}, "14:30", "14:30:00+08:00"),
        ({"type": "datetime", "subtype": "time", "timeSerializingFormat": "utc_normalized"}, "14:30", "06:30:00Z"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-03-02T14:30", "2026-03-02T14:30:00+08:00"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-03-02 14:30:05Z", "2026-03-02T14:30:05+00:00"),
        (
            {"type": "datetime", "subtype": "datetime", "timeSerializingFormat": "no_timezone"},
            "2026-03-02T14:30",
            "2026-03-02T14:30:00",
        ),
        ({"type": "radio", "values": [{"label": "一", "value": 1}]}, "1", 1),
        ({"type": "select", "values": ["x", "y"]}, "y", "y"),
        ({"type": "checklist", "values": ["x", "y"]}, "y", ["y"]),
        ({"type": "taglist", "values": ["x", "y"]}, ["y", "x"], ["y", "x"]),
        ({"type": "taglist", "values": ["x", "y"]}, "", []),
        ({"type": "filepicker"}, [{**REF, "extra": 1}], [REF]),
    ],
)
def test_strings_of_a_browser_and_json_values_become_the_same_typed_values(make, component, raw, expected):
    value = one(make, component, raw)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("component", "raw", "sentence"),
    [
        ({"type": "textfield"}, {"x": 1}, "Enter text."),
        ({"type": "textfield"}, ["a", "b"], "Enter one value only."),
        (
            {"type": "textfield"},
            "a\x00b",
            "The text contains a character that cannot be shown (code U+0000). Type it again without copying.",
        ),
        (
            {"type": "textfield"},
            "a\nb",
            "The text contains a character that cannot be shown (code U+000A). Type it again without copying.",
        ),
        (
            {"type": "textfield"},
            "a\u202egnp.exe",
            "The text contains a character that cannot be shown (code U+202E). Type it again without copying.",
        ),
        (
            {"type": "textfield"},
            "a\udcffb",
            "The text contains a character that cannot be shown (code U+DCFF). Type it again without copying.",
        ),
        ({"type": "textfield"}, "x" * 4001, "Enter at most 4000 characters; there are 4001."),
        ({"type": "textarea", "validate": {"maxLength": 5}}, "x" * 6, "Enter at most 5 characters; there are 6."),
        ({"type": "textfield", "validate": {"minLength": 5}}, "x", "Enter at least 5 characters; there are 1."),
        ({"type": "textfield", "validate": {"pattern": "^CG-\\d{4}$"}}, "CG-1", "The text does not have the expected form."),
        ({"type": "textfield", "validate": {"pattern": "^CG", "patternErrorMessage": "以CG{}开头"}}, "X", "以CG{}开头"),
        (
            {"type": "textfield", "validate": {"validationType": "email"}},
            "a@b@c.",
            "Enter an e-mail address, for example name@example.org.",
        ),
        (
            {"type": "textfield", "validate": {"validationType": "phone"}},
            "12",
            "Enter a phone number: 11 digits of a mobile, or area code and number.",
        ),
        ({"type": "number"}, "4万", "Enter a number, for example 48000.50."),
        ({"type": "number"}, "1e9", "Enter a number, for example 48000.50."),
        ({"type": "number"}, True, "Enter a number, for example 48000.50."),
        ({"type": "number"}, float("nan"), "Enter a number, for example 48000.50."),
        ({"type": "number"}, "9" * 35, "The number has more than 34 digits."),
        ({"type": "number", "decimalDigits": 2}, "1.555", "Enter at most 2 digits after the decimal point."),
        ({"type": "number", "decimalDigits": 0}, "1.5", "Enter a whole number."),
        ({"type": "number", "validate": {"min": 100}}, "99.99", "Enter an amount of at least 100."),
        ({"type": "number", "validate": {"max": "50000"}}, "50000.01", "Enter an amount of at most 50000."),
        ({"type": "number", "increment": 0.5}, "1.7", "Enter a multiple of 0.5; the nearest are 1.5 and 2.0."),
        ({"type": "checkbox"}, "maybe", "Tick the box or leave it empty."),
        ({"type": "checkbox", "validate": {"required": True}}, "false", "This box must be ticked to go on."),
        ({"type": "datetime"}, "2026-02-30", "Enter a date that exists, as year-month-day, for example 2026-03-02."),
        ({"type": "datetime", "subtype": "time"}, "25:00", "Enter a time as hours:minutes, for example 14:30."),
        ({"type": "datetime", "subtype": "datetime"}, "2026-03-02", "Enter a date and a time, for example 2026-03-02T14:30."),
        (
            {"type": "datetime", "disallowPassedDates": True},
            "2026-03-01",
            "This date has passed. Enter 2026-03-02 or a later date.",
        ),
        ({"type": "datetime", "subtype": "time", "timeInterval": 15}, "14:20", "Enter a time in steps of 15 minutes."),
        ({"type": "select", "values": ["x"]}, "y", "y is not one of the options. Choose one from the list."),
        ({"type": "select", "values": ["x"]}, {"a": 1}, "{'a': 1} is not one of the options. Choose one from the list."),
        ({"type": "checklist", "values": ["x"]}, ["x", "x"], "x was chosen twice."),
        ({"type": "filepicker"}, "plan.pdf", "Attach files with the file field; plan.pdf is not a file."),
        (
            {"type": "filepicker"},
            [{**REF, "name": "../x"}],
            "A file name is missing, too long or contains forbidden characters. Rename the file and attach it again.",
        ),
        ({"type": "filepicker"}, [{**REF, "sha256": "x"}], "Attach files with the file field; plan.pdf is not a file."),
        ({"type": "filepicker"}, [REF, REF], "Attach one file only."),
        ({"type": "filepicker", "accept": ".docx,image/*"}, [REF], "plan.pdf is not of an accepted type (.docx,image/*)."),
        ({"type": "textfield", "validate": {"required": True}}, " ", "Fill in this field."),
        ({"type": "taglist", "values": ["x"], "validate": {"required": True}}, [], "Choose at least one."),
        ({"type": "filepicker", "validate": {"required": True}}, "", "Attach at least one file."),
    ],
)
def test_what_does_not_fit_is_answered_by_a_sentence(make, component, raw, sentence):
    assert one(make, component, raw) == sentence


def test_the_exact_limit_is_accepted_on_both_sides(make):
    form = make({"type": "number", "key": "a", "decimalDigits": 2, "validate": {"min": 0, "max": 50000}})
    for amount in ("0", "49999.99", "50000", "50000.00"):
        assert errors(form, {"a": amount}) == {}


def test_unknown_names_are_dropped(make):
    form = make({"type": "textfield", "key": "a"})
    assert form.validate({"a": "x", "is_admin": "true"}, {}).values == {"a": "x"}


def test_hidden_and_read_only_values_are_never_accepted(make):
    form = make(
        {"type": "number", "key": "amount", "readonly": True},
        {"type": "textfield", "key": "secret", "conditional": {"hide": "=amount < 100"}, "validate": {"required": True}},
        {"type": "textfield", "key": "off", "disabled": True},
    )
    result = form.validate({"amount": "1000000", "secret": "x", "off": "y"}, {"amount": Decimal(50)})
    assert result.values == {}
    assert result.errors == ()


def test_a_field_hidden_by_what_was_typed_is_neither_required_nor_accepted(make):
    form = make(
        {"type": "radio", "key": "result", "values": ["approve", "return"]},
        {"type": "textfield", "key": "reason", "conditional": {"hide": '=result = "approve"'}, "validate": {"required": True}},
    )
    assert form.validate({"result": "approve", "reason": "x"}, {}).values == {"result": "approve"}
    assert errors(form, {"result": "return"}) == {"reason": "Fill in this field."}


def test_a_hidden_group_hides_everything_in_it(make):
    inner = {"type": "textfield", "key": "a", "validate": {"required": True}}
    form = make({"type": "group", "id": "g", "conditional": {"hide": "=1 = 1"}, "components": [inner]})
    assert form.validate({"a": "x"}, {}).values == {}


def test_required_and_limits_may_be_formulas(make):
    form = make(
        {"type": "number", "key": "estimate"},
        {"type": "number", "key": "amount", "validate": {"max": "=estimate", "required": "=estimate > 10"}},
    )
    assert errors(form, {"estimate": "20"}) == {"amount": "Fill in this field."}
    assert errors(form, {"estimate": "20", "amount": "21"}) == {"amount": "Enter an amount of at most 20."}
    assert errors(form, {"estimate": "5"}) == {}


def test_a_rule_over_all_values_is_answered_with_the_designers_sentence(make):
    rule = {"rule": "=sum(shares) = 100", "ruleText": "各项比例之和必须为{100}%"}
    form = make(
        {"type": "expression", "key": "shares", "expression": "=[a, b]"},
        {"type": "number", "key": "a"},
        {"type": "number", "key": "b", "properties": rule},
    )
    assert errors(form, {"a": "40", "b": "50"}) == {"b": "各项比例之和必须为{100}%"}
    assert errors(form, {"a": "40", "b": "60"}) == {}


def test_the_designers_sentence_may_name_the_values_it_is_about(make):
    rule = {"rule": "=a + b = total", "ruleText": "两项合计 {{a + b}} 元，应为 {{total}} 元（{{note}}）"}
    form = make(
        {"type": "number", "key": "total"},
        {"type": "number", "key": "a", "decimalDigits": 2},
        {"type": "number", "key": "b", "properties": rule},
        {"type": "textfield", "key": "note"},
    )
    given = {"total": "100", "a": "40.50", "b": "50", "note": "{{1 + 1}} {0}"}
    assert errors(form, given) == {"b": "两项合计 90.50 元，应为 100 元（{{1 + 1}} {0}）"}
    assert errors(form, given | {"total": "90.5"}) == {}


def test_a_rule_about_a_field_left_empty_waits_for_it(make):
    form = make(
        {"type": "number", "key": "a"}, {"type": "number", "key": "b", "properties": {"rule": "b > a", "ruleText": "须大于a"}}
    )
    assert errors(form, {"b": "5"}) == {}
    assert errors(form, {"a": "7", "b": "5"}) == {"b": "须大于a"}


def test_a_rule_that_cannot_be_decided_although_all_is_there_counts_as_broken(make):
    form = make({"type": "textfield", "key": "a", "properties": {"rule": "a > 5", "ruleText": "须大于5"}})
    assert errors(form, {"a": "x"}) == {"a": "须大于5"}


def test_advice_is_shown_and_refuses_nothing(make):
    advice = {"warn": "=amount > 60", "warnText": "工资占比一般不超过60%"}
    form = make({"type": "number", "key": "amount", "properties": advice})
    assert form.state({}, {"amount": "70"})["amount"].warning == "工资占比一般不超过60%"
    assert errors(form, {"amount": "70"}) == {}


ROWS = {
    "type": "dynamiclist",
    "id": "lines",
    "path": "rows",
    "properties": {"minRows": 1, "maxRows": 3},
    "components": [
        {"type": "textfield", "key": "item", "validate": {"required": True}},
        {"type": "number", "key": "amount", "validate": {"min": 0}},
        {"type": "textfield", "key": "why", "conditional": {"hide": "=amount < 100"}},
    ],
}


def test_rows_are_checked_one_by_one_with_their_number_in_the_path(make):
    values = {"rows": [{"item": "工资", "amount": "1"}, {"item": "", "amount": "-1"}]}
    assert errors(make(ROWS), values) == {"rows.1.item": "Fill in this field.", "rows.1.amount": "Enter an amount of at least 0."}


def test_flat_names_of_an_html_form_make_rows_and_gaps_close(make):
    values = {"rows": "", "rows.0.item": "a", "rows.0.amount": "5", "rows.4.item": "b", "rows.4.amount": "500", "rows.4.why": "w"}
    assert make(ROWS).validate(values, {}).values == {
        "rows": [{"item": "a", "amount": Decimal(5)}, {"item": "b", "amount": Decimal(500), "why": "w"}]
    }


def test_the_number_of_rows_has_bounds(make):
    form = make(ROWS)
    assert errors(form, {"rows": ""}) == {"rows": "Enter at least 1 rows; there are 0."}
    assert errors(form, {"rows": [{"item": "x"}] * 4}) == {"rows": "Enter at most 3 rows; there are 4."}
    assert errors(form, {"rows": [{"item": "x"}] * 501}) == {"rows": "Enter at most 500 rows; there are 501."}
    assert errors(form, {"rows": ["x"]}) == {"rows": "Enter the rows of this list."}


def test_rows_that_cannot_be_added_keep_what_the_case_knows_about_them(make):
    form = make(
        {
            "type": "dynamiclist",
            "id": "d",
            "path": "applications",
            "allowAddRemove": False,
            "components": [
                {"type": "textfield", "key": "name", "readonly": True},
                {"type": "radio", "key": "result", "values": ["ok", "no"]},
            ],
        }
    )
    context = {"applications": [{"application_id": "A1", "name": "组织一", "result": None}]}
    result = form.validate({"applications": [{"name": "hacked", "application_id": "A9", "result": "ok"}]}, context)
    assert result.values == {"applications": [{"application_id": "A1", "name": "组织一", "result": "ok"}]}
    assert errors(form, {"applications": [{}, {}]}, context) == {
        "applications": "This list has 1 rows; rows cannot be added or taken away."
    }


def test_nested_paths_keep_their_undeclared_neighbours(make):
    form = make({"type": "group", "id": "g", "path": "contract", "components": [{"type": "textfield", "key": "number"}]})
    assert form.validate({"contract.number": "7"}, {"contract": {"id": "c1"}}).values == {"contract": {"id": "c1", "number": "7"}}


def test_what_was_not_sent_keeps_the_cases_value_except_boxes(make):
    form = make({"type": "number", "key": "amount", "validate": {"required": True}}, {"type": "checkbox", "key": "agreed"})
    result = form.validate({}, {"amount": Decimal(5), "agreed": True})
    assert result.values == {"amount": Decimal(5), "agreed": False}


def test_computed_fields_are_computed_by_the_server_and_may_build_on_each_other(make):
    form = make(
        {"type": "expression", "key": "gross", "expression": "=net + tax"},
        {"type": "expression", "key": "tax", "expression": "=net * 0.06"},
        {"type": "number", "key": "net"},
    )
    values = form.validate({"net": "100", "gross": "1"}, {}).values
    assert values["gross"] == Decimal(106)


def test_computed_fields_of_rows_see_their_row(make):
    row = [
        {"type": "number", "key": "n"},
        {"type": "number", "key": "price"},
        {"type": "expression", "key": "sum", "expression": "=n * price * rate"},
    ]
    form = make({"type": "dynamiclist", "id": "d", "path": "rows", "components": row}, {"type": "number", "key": "rate"})
    values = form.validate({"rate": "2", "rows": [{"n": "2", "price": "3"}, {"n": "1", "price": "1"}]}, {}).values
    assert [row["sum"] for row in values["rows"]] == [12, 2]


def test_a_choice_is_checked_against_the_options_of_the_moment(make):
    form = make({"type": "select", "key": "item", "valuesKey": "offers"})
    context = {"offers": [{"label": "居家养老", "value": "A05"}, "B01"]}
    assert errors(form, {"item": "A05"}, context) == {}
    assert errors(form, {"item": "B01"}, context) == {}
    assert errors(form, {"item": "C"}, context) == {"item": "C is not one of the options. Choose one from the list."}


def test_only_files_uploaded_for_this_task_can_be_referred_to(make):
    form = make({"type": "filepicker", "key": "proof"})
    assert errors(form, {"proof": [REF]}, files={REF["sha256"]}) == {}
    assert errors(form, {"proof": [REF]}, files=set()) == {"proof": "plan.pdf was not uploaded here. Attach it again."}


def test_checking_for_passed_dates_without_a_clock_is_a_programming_error(make):
    form = make({"type": "datetime", "key": "a", "disallowPassedDates": True})
    with pytest.raises(ValueError, match="present time"):
        form.validate({"a": "2026-03-02"}, {})


def test_a_pattern_that_would_take_for_ever_is_stopped_and_lets_nothing_pass(make):
    pattern, text = "^(a|a)*$", "a" * 60 + "!"  # 2 to the power of 60 tries
    with pytest.raises(FeelBoundExceeded, match="takes longer than"):
        Feel().expression("matches(text, pattern)").evaluate({"text": text, "pattern": pattern})
    answer = one(make, {"type": "textfield", "validate": {"pattern": pattern}}, text)
    assert answer == "The text does not have the expected form."


def test_a_formula_that_asks_for_too_much_neither_breaks_the_form_nor_lets_anything_pass(make):
    heavy = "count(for a in 1..n, b in 1..n, c in 1..n return 1) > 0"
    rule = {"rule": heavy, "ruleText": "太大"}
    form = make({"type": "number", "key": "n", "properties": rule}, {"type": "expression", "key": "e", "expression": f"={heavy}"})
    assert errors(form, {"n": "1000"}) == {"n": "太大"}
    assert form.state({}, {"n": "1000"})["e"].value is None


def test_formulas_and_rules_see_the_option_and_not_the_text_a_browser_sends(make):
    form = make(
        {
            "type": "select",
            "key": "chosen",
            "valuesExpression": "=for r in ranking return {label: r.name, value: r.rank}",
            "properties": {"rule": "chosen < 3", "ruleText": "只能选前两名"},
        },
        {"type": "expression", "key": "candidate", "expression": "=ranking[item.rank = chosen][1]"},
    )
    ranking = [{"rank": Decimal(n), "name": name} for n, name in enumerate("甲乙丙", 1)]
    result = form.validate({"chosen": "2"}, {"ranking": ranking})
    assert not result.errors
    assert result.values["candidate"] == {"rank": 2, "name": "乙"}
    assert errors(form, {"chosen": "3"}, {"ranking": ranking}) == {"chosen": "只能选前两名"}
    assert form.state({"ranking": ranking}, {"chosen": "1"})["candidate"].value == {"rank": 1, "name": "甲"}

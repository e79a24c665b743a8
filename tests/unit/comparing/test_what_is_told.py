"""What a designer is told of a change to a diagram, a table, a form, a text."""

from __future__ import annotations

import json
from pathlib import Path

from engine.comparing import Change, Difference, compare, compare_file

HOME = Path(__file__).parents[3]
GOALS = "processes/goal_setting/goal_setting.bpmn"
ROUTES = "processes/goal_setting/method_route.dmn"
RULES = "processes/rules/office_rules.dmn"
REVIEW = "forms/goal_setting/review_budget.form"


def content(path: str) -> str:
    return (HOME / path).read_text(encoding="utf-8")


def changed(path: str, old: str, new: str) -> tuple[Change, ...]:
    text = content(path)
    assert old in text
    return compare_file(path, text.encode(), text.replace(old, new).encode()).changes


def only(path: str, old: str, new: str) -> Change:
    [change] = changed(path, old, new)
    return change


def test_another_deadline_is_a_changed_due_date_of_its_task() -> None:
    change = only(GOALS, "=working days after(now(), 3)", "=working days after(now(), 5)")
    assert (change.kind, change.what, change.id, change.name) == ("changed", "user task", "review_budget", "审查资金")
    assert change.differences == (Difference("due date", "=working days after(now(), 3)", "=working days after(now(), 5)"),)


def test_another_group_is_told_by_its_word() -> None:
    [difference] = only(GOALS, 'candidateGroups="finance"', 'candidateGroups="auditor"').differences
    assert difference == Difference("candidate groups", "finance", "auditor")


def test_a_mapping_row_is_told_with_its_variable() -> None:
    [difference] = only(
        GOALS, 'source="=limits[3].value" target="statutory_limit"', 'source="=1" target="statutory_limit"'
    ).differences
    assert difference == Difference("input", "=limits[3].value", "=1", "statutory_limit")


def test_a_condition_is_told_at_its_flow_and_flows_come_last() -> None:
    told = changed(GOALS, "budget_state.outcome", "budget_state.result") if "budget_state.outcome" in content(GOALS) else ()
    assert all(change.what == "sequence flow" for change in told)


def test_an_element_with_another_id_is_recognised_by_its_name() -> None:
    told = changed(GOALS, "choose_route", "choose_way")
    node = next(change for change in told if change.what == "decision task")
    assert (node.kind, node.before_id, node.id) == ("changed", "choose_route", "choose_way")
    assert {change.kind for change in told} == {"changed"}  # its flows are recognised by their ends


def test_an_element_drawn_elsewhere_is_moved_and_nothing_else() -> None:
    text = content(GOALS)
    start = text.index('bpmnElement="review_budget"')
    x = text.index('x="', start)
    moved = f'{text[:x]}x="1{text[x + 3 :]}'
    [change] = compare_file(GOALS, text.encode(), moved.encode()).changes
    assert (change.kind, change.id) == ("moved", "review_budget")
    assert all(difference.is_layout for difference in change.differences)


def test_a_new_task_is_told_with_what_it_does() -> None:
    new = '<bpmn:userTask id="legal_review" name="合法性审核"><bpmn:documentation>第九条</bpmn:documentation></bpmn:userTask>'
    change = only(GOALS, '<bpmn:businessRuleTask id="choose_route"', f'{new}<bpmn:businessRuleTask id="choose_route"')
    assert (change.kind, change.what, change.id, change.before_id) == ("added", "user task", "legal_review", None)
    assert Difference("documentation", None, "第九条") in change.differences


def test_a_cell_is_told_by_its_column() -> None:
    change = only(RULES, "<text>50000</text>", "<text>100000</text>")
    assert (change.kind, change.what, change.id, change.number, change.place) == (
        "changed",
        "rule",
        "rule_small_limit",
        1,
        "某日有效的参数",
    )
    assert change.differences == (Difference("cell", "50000", "100000", "数值"),)


def test_a_rule_put_elsewhere_is_moved_and_the_others_are_not() -> None:
    text = content(ROUTES)
    start, end = text.index('<rule id="method_route_small">'), text.index('<rule id="method_route_equal_committee">')
    rule, rest = text[start:end], text[:start] + text[end:]
    first = rest.index('<rule id="method_route_catalogue">')
    [change] = compare_file(ROUTES, text.encode(), (rest[:first] + rule + rest[first:]).encode()).changes
    assert (change.kind, change.id, change.number_before, change.number) == ("moved", "method_route_small", 3, 1)


def test_a_rule_with_another_id_and_the_same_cells_is_the_same_rule() -> None:
    text = content(ROUTES)
    [change] = compare_file(
        ROUTES, text.encode(), text.replace('<rule id="method_route_small">', '<rule id="r1">').encode()
    ).changes
    assert (change.kind, change.before_id, change.id, change.differences) == ("changed", "method_route_small", "r1", ())


def test_a_vanished_rule_says_all_it_said() -> None:
    text = content(ROUTES)
    start, end = text.index('<rule id="method_route_small">'), text.index('<rule id="method_route_equal_committee">')
    [change] = compare_file(ROUTES, text.encode(), (text[:start] + text[end:]).encode()).changes
    assert (change.kind, change.id, change.before_id, change.number_before) == ("removed", None, "method_route_small", 3)
    assert Difference("cell", "< small_limit", None, "计算金额") in change.differences or any(
        difference.before == "< small_limit" for difference in change.differences
    )


def test_another_hit_policy_is_told_at_the_decision() -> None:
    change = only(RULES, 'hitPolicy="UNIQUE"', 'hitPolicy="FIRST"')
    assert change.what == "decision"
    assert change.differences == (Difference("hit policy", "UNIQUE", "FIRST"),)


def test_a_field_is_told_by_its_key() -> None:
    change = only(REVIEW, "财政所意见", "财政意见")
    assert (change.what, change.id, change.differences) == (
        "field",
        "review_budget_decision",
        (Difference("label", "财政所意见", "财政意见"),),
    )


def test_an_option_a_condition_and_whether_it_must_be_filled_in() -> None:
    schema = json.loads(content(REVIEW))
    choice, reason = schema["components"][4]["components"]
    choice["values"][1]["label"], reason["validate"]["required"], reason["conditional"]["hide"] = "退回", False, "=false"
    told = compare_file(REVIEW, content(REVIEW).encode(), json.dumps(schema).encode()).changes
    by_id = {change.id: {d.property: (d.before, d.after, d.detail) for d in change.differences} for change in told}
    assert by_id["review_budget_decision"]["options"] == ("退回修改", "退回", "return")
    assert by_id["review_budget_reason"]["required"] == ("true", "false", "")
    assert by_id["review_budget_reason"]["hidden when"][1] == "=false"


def test_fields_in_another_order_are_told_once() -> None:
    schema = json.loads(content(REVIEW))
    schema["components"][4]["components"].reverse()
    [change] = compare_file(REVIEW, content(REVIEW).encode(), json.dumps(schema).encode()).changes
    assert [difference.property for difference in change.differences] == ["order"]


def test_texts_are_compared_line_by_line() -> None:
    told = compare_file("processes/rules/README.md", "一\n二\n三".encode(), "一\n贰\n三".encode())
    assert [(line.sign, line.text) for line in told.lines if line.sign in "+-"] == [("-", "二"), ("+", "贰")]


def test_files_come_diagram_first_then_tables_forms_and_texts() -> None:
    paths = ["processes/a/README.md", REVIEW, RULES, GOALS]
    before = dict.fromkeys(paths, b"")
    after = dict.fromkeys(paths, b"x")
    assert [one.path for one in compare(before, after)] == [GOALS, RULES, REVIEW, "processes/a/README.md"]

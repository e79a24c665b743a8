"""Transactions: cancelled as a whole, or left by an error without being undone."""

from __future__ import annotations

import pytest

from engine.errors import BpmnError, DefinitionInvalid
from tests.unit.spiff.diagrams import diagram, loop, mapping, message, service, timer, user
from tests.unit.spiff.test_compensation import by, pair, sub, throw, undone

ROOTS = message("stop") + '<error id="err" errorCode="BAD"/>'
CANCEL = '<endEvent id="off"><cancelEventDefinition/></endEvent>'


def cancelled(host: str = "deal") -> str:
    return f'<boundaryEvent id="gone" attachedToRef="{host}"><cancelEventDefinition/></boundaryEvent>'


def deal(inside: str, extensions: str = "") -> str:
    return sub("deal", inside, kind="transaction", extensions=extensions)


def test_a_transaction_that_is_not_cancelled_is_a_sub_process(begin):
    case = begin(
        diagram(
            "s -> deal -> u9\nstart_deal -> x1\nx1 -> off : =no\nx1 -> a : default\ngone -> u8",
            deal(pair("a") + CANCEL) + cancelled(),
        ),
        no=False,
    )
    assert case.complete("a").open == ["u9"]


def test_cancelling_ends_everything_inside_undoes_it_and_leaves_by_the_boundary_event(begin):
    flows = "s -> c -> deal -> u9\nstart_deal -> a -> p1\np1 -> b -> off\np1 -> u1\ngone -> u8"
    case = begin(diagram(flows, pair("c") + deal(pair("a", "b") + CANCEL) + cancelled()))
    case.complete("c").complete("a").complete("b")
    assert case.open == ["undo_b"]
    assert case.terminated() == ["u1"]
    assert case.complete("undo_b").open == ["undo_a"]
    assert "off" not in case.completed()
    assert case.complete("undo_a").open == ["u8"]
    assert case.terminated() == ["u1", "deal"]
    assert case.complete("u8").state == "completed"


def test_with_nothing_done_it_leaves_at_once(begin):
    case = begin(diagram("s -> deal -> u9\nstart_deal -> off\ngone -> u8", deal(CANCEL) + cancelled()))
    assert case.open == ["u8"]


def test_while_it_is_undone_nothing_else_is_waited_for(begin):
    other = '<boundaryEvent id="late" attachedToRef="deal" cancelActivity="false">' + timer("cycle", "R/P1D") + "</boundaryEvent>"
    inner = '<subProcess id="own" triggeredByEvent="true"><startEvent id="s2"><messageEventDefinition messageRef="m_stop"/></startEvent></subProcess>'
    flows = "s -> deal -> u9\nstart_deal -> a -> off\ngone -> u8\nlate -> u7\ns2 -> u6"
    case = begin(diagram(flows, deal(pair("a") + CANCEL + inner) + cancelled() + other, roots=ROOTS), key="k")
    assert case.waiting_for() == ["late", "s2"]
    case.complete("a")
    assert (case.open, case.waiting_for()) == (["undo_a"], [])
    assert case.complete("undo_a").open == ["u8"]


def test_it_may_be_cancelled_from_an_event_sub_process(begin):
    start = '<startEvent id="s2"><messageEventDefinition messageRef="m_stop"/></startEvent>'
    inner = f'<subProcess id="own" triggeredByEvent="true">{start}{pair("c")}{CANCEL}</subProcess>'
    flows = "s -> deal -> u9\nstart_deal -> a -> b\ns2 -> c -> off\ngone -> u8"
    case = begin(diagram(flows, deal(pair("a") + user("b") + inner) + cancelled(), roots=ROOTS), key="k")
    case.complete("a").message("stop").complete("c")
    assert case.open == ["undo_c"]
    assert case.complete("undo_c").open == ["undo_a"]
    assert case.complete("undo_a").open == ["u8"]


def test_sub_processes_that_completed_inside_are_undone_too(begin):
    flows = "s -> deal -> u9\nstart_deal -> sub -> off\nstart_sub -> a\ngone -> u8"
    case = begin(diagram(flows, deal(sub("sub", pair("a"), extensions=mapping("in: n <- =3")) + CANCEL) + cancelled()))
    case.complete("a", n=4)
    assert case.local("undo_a") == {"n": 4}
    assert case.complete("undo_a").open == ["u8"]


def test_an_error_leaves_it_without_undoing_anything(begin):
    bad = '<endEvent id="bad"><errorEventDefinition errorRef="err"/></endEvent>'
    oops = '<boundaryEvent id="oops" attachedToRef="deal"><errorEventDefinition errorRef="err"/></boundaryEvent>'
    flows = "s -> deal -> u9\nstart_deal -> a -> x1\nx1 -> bad : =wrong\nx1 -> off : default\ngone -> u8\noops -> u7"
    case = begin(diagram(flows, deal(pair("a") + CANCEL + bad) + cancelled() + oops, roots=ROOTS), wrong=True)
    assert case.complete("a").open == ["u7"]


def test_an_error_out_of_a_handler_leaves_it_by_the_error(begin, office):
    def back(inputs):
        raise BpmnError("BAD")

    office.operations["back"] = back
    oops = '<boundaryEvent id="oops" attachedToRef="deal"><errorEventDefinition errorRef="err"/></boundaryEvent>'
    inside = pair("a") + user("b") + undone("b", "back") + by(service("back", "back")) + CANCEL
    flows = "s -> deal -> u9\nstart_deal -> a -> b -> off\ngone -> u8\noops -> u7"
    case = begin(diagram(flows, deal(inside) + cancelled() + oops, roots=ROOTS))
    case.complete("a").complete("b")
    assert case.open == ["u7"]
    assert set(case.terminated()) == {"back", "off", "deal"}


def test_a_completed_transaction_is_undone_like_a_sub_process(begin):
    flows = "s -> deal -> undo -> u9\nstart_deal -> a"
    case = begin(diagram(flows, deal(pair("a")) + throw("undo")))
    case.complete("a")
    assert case.open == ["undo_a"]
    assert case.complete("undo_a").open == ["u9"]


def test_each_turn_of_a_multi_instance_sub_process_may_be_cancelled_alone(begin):
    flows = "s -> each -> u9\nstart_each -> deal\nstart_deal -> a -> x1\nx1 -> off : =bad\nx1 -> e1 : default\ngone -> u8"
    inner = sub("each", loop("[1, 2]", "n") + deal(pair("a") + CANCEL) + cancelled())
    case = begin(diagram(flows, inner))
    case.complete("a", 0, bad=True)
    assert case.open == ["a", "undo_a"]
    case.complete("undo_a")
    assert case.local("u8")["n"] == 1
    case.complete("a", bad=False).complete("u8")
    assert case.open == ["u9"]


REFUSED = {
    "end outside": ("s -> off", CANCEL, "does not stand in a transaction"),
    "end in a sub-process inside": (
        "s -> deal\nstart_deal -> sub\nstart_sub -> off\ngone -> u8",
        deal(sub("sub", CANCEL)) + cancelled(),
        "does not stand in a transaction",
    ),
    "no boundary": ("s -> deal\nstart_deal -> off", deal(CANCEL), "no cancel boundary event"),
    "boundary on a sub-process": (
        "s -> sub\nstart_sub -> u1\ngone -> u8",
        sub("sub", "") + cancelled("sub"),
        "not attached to a transaction",
    ),
    "two boundaries": (
        "s -> deal\nstart_deal -> off\ngone -> u8\ngone2 -> u7",
        deal(CANCEL) + cancelled() + cancelled().replace('"gone"', '"gone2"'),
        "catch the same cancel",
    ),
    "multi-instance": (
        "s -> deal\nstart_deal -> off\ngone -> u8",
        deal(CANCEL).replace("<startEvent", loop("[1]", "n") + "<startEvent", 1) + cancelled(),
        "repeated at once",
    ),
    "start": (
        "s -> u1\ns2 -> u2",
        '<subProcess id="own" triggeredByEvent="true"><startEvent id="s2"><cancelEventDefinition/></startEvent></subProcess>',
        "cannot be a",
    ),
    "another method": (
        "s -> deal\nstart_deal -> u1",
        deal("").replace("<transaction ", '<transaction method="##Store" '),
        "by compensation",
    ),
    "that does not interrupt": (
        "s -> deal\nstart_deal -> off\ngone -> u8",
        deal(CANCEL) + cancelled().replace("<boundaryEvent ", '<boundaryEvent cancelActivity="false" '),
        "always interrupts",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_transactions_that_cannot_work_are_refused(office, name):
    flows, elements, sentence = REFUSED[name]
    with pytest.raises(DefinitionInvalid) as found:
        office.deploy(diagram(flows, elements))
    assert any(sentence in problem.message for problem in found.value.problems)

"""Messages and signals between cases and from outside."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.commands.messages import MessageAlreadyPublished, NobodyWaits
from engine.model import SYSTEM
from tests.integration.engine.office import CLERK, Office
from tests.unit.spiff.diagrams import message

HOUR = dt.timedelta(hours=1)


def catch(name: str, event: str = "wait") -> str:
    return f'<intermediateCatchEvent id="{event}"><messageEventDefinition messageRef="m_{name}"/></intermediateCatchEvent>'


def waiting(office: Office, name: str) -> str:
    return office.deploy("s -> wait -> u1 -> e", catch(name), roots=message(name))


def test_a_message_reaches_the_case_whose_key_it_carries(office: Office):
    process = waiting(office, "paid")
    first, second = office.start(process, key="A"), office.start(process, key="B")
    office.forget()
    result = office.engine.publish_message("paid", "B", {"sum": 5}, actor=CLERK)
    assert result.correlated == (second.key,)
    assert (office.open(first.key), office.open(second.key)) == ([], ["u1"])
    assert office.value(second.key, "sum") == 5
    assert "message_correlated" in office.kinds(second.key)


def test_a_message_nobody_waits_for_is_kept_for_its_time_and_no_longer(office: Office):
    process = waiting(office, "early")
    kept = office.engine.publish_message("early", "K", {"n": 1}, actor=CLERK, time_to_live=HOUR)
    assert (kept.correlated, kept.expires_at) == ((), office.clock.now() + HOUR)
    case = office.start(process, key="K")
    assert office.open(case.key) == ["u1"]
    assert office.open(office.start(process, key="K").key) == [], "one message is for one case of a process"
    office.engine.publish_message("early", "L", {}, actor=CLERK, time_to_live=HOUR)
    office.clock.move(hours=2)
    assert office.open(office.start(process, key="L").key) == []


def test_a_message_without_time_to_live_is_for_those_who_wait_now(office: Office):
    process = waiting(office, "now")
    office.engine.publish_message("now", "K", {}, actor=CLERK, time_to_live=dt.timedelta())
    assert office.open(office.start(process, key="K").key) == []


def test_each_process_that_waits_gets_the_message_once(office: Office):
    one, other = waiting(office, "shared"), waiting(office, "shared")
    cases = [office.start(one, key="K"), office.start(one, key="K"), office.start(other, key="K")]
    result = office.engine.publish_message("shared", "K", {}, actor=CLERK)
    assert set(result.correlated) == {cases[0].key, cases[2].key}
    assert [office.open(case.key) for case in cases] == [["u1"], [], ["u1"]]


def test_a_message_id_is_taken_once(office: Office):
    office.engine.publish_message("bid", "K", {}, actor=CLERK, message_id="7")
    with pytest.raises(MessageAlreadyPublished):
        office.engine.publish_message("bid", "K", {}, actor=CLERK, message_id="7")


def test_publishing_again_under_the_same_command_id_answers_the_same(office: Office):
    process = waiting(office, "twice")
    cases = [office.start(process, key="K") for _ in range(2)]
    answers = [office.engine.publish_message("twice", "K", {}, actor=CLERK, command_id="send twice") for _ in range(2)]
    assert answers[0] == answers[1]
    assert [office.open(case.key) for case in cases] == [["u1"], []]
    kept = [office.engine.publish_message("later", "K", {}, actor=CLERK, command_id="send later") for _ in range(2)]
    assert kept[0] == kept[1]


def test_correlating_needs_somebody_who_waits(office: Office):
    case = office.start(waiting(office, "asked"), key="K")
    with pytest.raises(NobodyWaits):
        office.engine.correlate_message("asked", "other", {}, actor=CLERK)
    assert office.engine.correlate_message("asked", "K", {}, actor=CLERK).instance_key == case.key
    with pytest.raises(NobodyWaits):
        office.engine.correlate_message("asked", "K", {}, actor=CLERK)


def test_a_message_start_event_starts_one_case_per_key(office: Office):
    start = '<startEvent id="s"><messageEventDefinition messageRef="m_order"/></startEvent>'
    process = office.deploy("s -> u1 -> e", start, roots='<message id="m_order" name="order"/>')
    first = office.engine.publish_message("order", "K", {"n": 1}, actor=CLERK)
    again = office.engine.publish_message("order", "K", {"n": 2}, actor=CLERK)
    assert again.correlated == ()
    cases = office.engine.instances(process_id=process).items
    assert [case.key for case in cases] == [first.instance_key]
    assert office.value(cases[0].key, "n") == 1


def test_two_cases_talk_to_one_another(office: Office):
    process = waiting(office, "hello")
    listener = office.start(process, key="K")
    speaker = office.start(office.deploy("s -> tell -> e", thrower("hello"), roots=message("hello")), key="K")
    assert office.engine.instance(speaker.key).state == "completed"
    assert office.open(listener.key) == ["u1"]


def thrower(name: str) -> str:
    return f'<intermediateThrowEvent id="tell"><messageEventDefinition messageRef="m_{name}"/></intermediateThrowEvent>'


def test_a_signal_reaches_everybody_who_waits(office: Office):
    signal = '<signal id="alarm" name="alarm"/>'
    wait = '<intermediateCatchEvent id="wait"><signalEventDefinition signalRef="alarm"/></intermediateCatchEvent>'
    process = office.deploy("s -> wait -> u1 -> e", wait, roots=signal)
    cases = [office.start(process) for _ in range(3)]
    office.forget()
    assert office.engine.broadcast_signal("alarm", {"why": "test"}, actor=SYSTEM).received == 3
    assert [office.open(case.key) for case in cases] == [["u1"]] * 3
    more = [office.start(process) for _ in range(2)]
    tell = '<intermediateThrowEvent id="tell"><signalEventDefinition signalRef="alarm"/></intermediateThrowEvent>'
    office.start(office.deploy("s -> tell -> e", tell, roots=signal))
    assert [office.open(case.key) for case in more] == [["u1"]] * 2
    assert office.engine.broadcast_signal("alarm", {}, actor=SYSTEM).received == 0


def test_what_a_dead_process_had_not_delivered_is_delivered_by_the_worker(office: Office, monkeypatch):
    from engine.commands import messages

    process = waiting(office, "left")
    with monkeypatch.context() as patch:
        patch.setattr(messages, "_to_first", lambda *_: None)
        patch.setattr(messages, "_to_others", lambda *given: given[-1])
        office.engine.publish_message("left", "K", {}, actor=CLERK, time_to_live=HOUR)
        monkeypatch.setattr("engine.commands.running.follow_up", lambda *_: None)
        case = office.start(process, key="K")
    assert office.open(case.key) == []
    assert office.engine.deliver_left_over() >= 1  # tests before this one left some too
    assert office.open(case.key) == ["u1"]

"""A running instance and another version of its process: what is safe, what needs a mapping, what is refused, and why."""

from __future__ import annotations

import pytest

from engine.events import TimerScheduled
from engine.spiff import CannotMove, kept_name
from tests.unit.spiff.diagrams import diagram, ext, loop, mapping, message, script, service, timer, user

SIMPLE = "s -> u1 -> u2 -> e"


def migrate(case, content: bytes, names: dict[str, str] | None = None):
    target = case.office.deploy(content)
    return case.do(lambda run: run.migrate(run.root_key, target, names or {}))


def judged(case, content: bytes, names: dict[str, str] | None = None):
    """The verdict and the codes of the findings; the case must stay as it is."""
    target = case.office.deploy(content)
    before = case.execution.snapshot()
    found = case.execution.judge_migration(case.execution.root_key, target, names or {})
    assert case.execution.snapshot() == before
    for finding in found.findings:
        assert "{" not in finding.message
    return found.verdict, [finding.code for finding in found.findings]


def refused(case, content: bytes, names: dict[str, str] | None = None):
    """The codes a migration is refused with; nothing has changed after it."""
    verdict, codes = judged(case, content, names)
    with pytest.raises(CannotMove) as error:
        case.execution.migrate(case.execution.root_key, case.office.deployed[len(case.office.deployed)], names or {})
    assert [finding.code for finding in error.value.findings] == codes
    case.do(lambda run: None)
    return verdict, codes


# what is right


@pytest.mark.parametrize(
    ("flows", "then"),
    [
        ("s -> u1 -> u2 -> u3 -> e", ["u2", "u3"]),
        ("s -> u1 -> e", []),
        ("s -> u1 -> u3 -> u2 -> e", ["u3", "u2"]),
        ("s -> u1 -> p1 -> u2 -> p2 -> e\np1 -> u3 -> p2", ["u2", "u3"]),
        ("s -> u9 -> u1 -> u2 -> e", ["u2"]),
    ],
)
def test_future_tasks_may_be_added_removed_swapped_and_put_side_by_side(begin, flows, then):
    case = begin(diagram(SIMPLE))
    assert judged(case, diagram(flows)) == ("safe", [])
    migrate(case, diagram(flows)).complete("u1")
    for name in then:
        case.complete(name)
    assert case.state == "completed"


def test_the_current_task_is_renamed_by_a_mapping(begin):
    case = begin(diagram(SIMPLE))
    verdict, codes = refused(case, diagram("s -> u5 -> u2 -> e"))
    assert (verdict, codes) == ("needs_mapping", ["element_removed"])
    migrate(case, diagram("s -> u5 -> u2 -> e"), {"u1": "u5"})
    assert list(case.execution.places(case.execution.root_key).values()) == [("p", ""), ("u5", "")]
    key = next(iter(case.tasks))
    assert case.do(lambda run: run.complete_user_task(key, {})).open == ["u2"]


def test_a_task_inside_a_running_sub_process_and_a_condition_of_a_running_majority_may_change(begin):
    def content(inner: str, condition: str) -> bytes:
        votes = user("u1", inside=loop("[1, 2, 3]", "n", output="votes = vote", condition=condition))
        sub = f'<subProcess id="sub"><startEvent id="s1"/>{votes}<endEvent id="e1"/></subProcess>'
        return diagram(f"s -> sub -> u9 -> e\ns1 -> u1\n{inner}", sub)

    case = begin(content("u1 -> e1", "count(votes[item = true]) &gt;= 3"))
    case.complete("u1", vote=True)
    new = content("u1 -> u2 -> e1", "count(votes[item = true]) &gt;= 2")
    assert judged(case, new) == ("safe", ["condition_counts"])
    migrate(case, new).complete("u1", vote=True)
    assert case.open == ["u2"]
    assert case.complete("u2").open == ["u9"]


def test_a_loop_goes_on_and_so_does_what_waits_at_a_join(begin):
    flows = "s -> x1 -> p1 -> u1 -> p2 -> u3 -> x2\np1 -> u2 -> p2\nx2 -> x1 : =again\nx2 -> e : default"
    case = begin(diagram(flows), again=True)
    case.complete("u1")
    longer = flows.replace("u2 -> p2", "u2 -> u4 -> p2").replace("x2 -> e : default", "x2 -> u5 : default\nu5 -> e")
    assert judged(case, diagram(longer))[0] == "safe"
    migrate(case, diagram(longer)).complete("u2").complete("u4").complete("u3")
    assert case.open == ["u1", "u2"]


def test_a_new_boundary_timer_on_the_current_task_counts_from_the_migration(begin, office):
    case = begin(diagram(SIMPLE))
    late = f'<boundaryEvent id="late" attachedToRef="u1">{timer("duration", "P1D")}</boundaryEvent>'
    new = diagram(SIMPLE + "\nlate -> u3 -> e", user("u1") + late)
    assert judged(case, new) == ("safe", ["wait_begins"])
    migrate(case, new)
    (wait,) = case.waits.values()
    assert wait.due_at == office.time.replace(day=3)
    assert case.fire("late").open == ["u3"]


def test_a_timer_that_runs_keeps_its_moment_and_one_that_is_gone_is_not_awaited(begin):
    def content(late: str) -> bytes:
        more = f'<boundaryEvent id="late" attachedToRef="u1">{timer("duration", late)}</boundaryEvent>' if late else ""
        return diagram(SIMPLE + ("\nlate -> u3 -> e" if late else ""), user("u1") + more)

    case = begin(content("P1D"))
    (before,) = case.waits.values()
    assert judged(case, content("P9D")) == ("safe", ["timer_keeps_due"])
    migrate(case, content("P9D"))
    assert list(case.waits.values()) == [before]
    migrate(case, content(""))
    assert case.waits == {}
    assert case.complete("u1").open == ["u2"]


def test_a_boundary_that_has_fired_for_the_last_time_is_not_set_again(begin):
    def content(inner: str) -> bytes:
        tick = f'<boundaryEvent id="tick" attachedToRef="u1" cancelActivity="false">{timer("duration", "PT1H")}</boundaryEvent>'
        return diagram(f"s -> u1 -> {inner}\ntick -> u3 -> e9", user("u1") + tick)

    case = begin(content("u2 -> e")).fire("tick")
    migrate(case, content("u2 -> u4 -> e"))
    assert case.waits == {}
    assert sorted(case.open) == ["u1", "u3"]


def test_an_event_sub_process_is_added_to_and_taken_from_what_runs(begin):
    sub = f'<subProcess id="esp" triggeredByEvent="true"><startEvent id="alarm" isInterrupting="false">{timer("duration", "PT2H")}</startEvent>{user("u8")}</subProcess>'
    with_it = diagram(SIMPLE + "\nalarm -> u8", sub)
    case = begin(diagram(SIMPLE))
    migrate(case, with_it)
    assert case.waiting_for() == ["alarm"]
    migrate(case, diagram(SIMPLE))
    assert case.waiting_for() == []
    migrate(case, with_it).fire("alarm")
    assert case.open == ["u1", "u8"]


def test_a_message_that_is_named_otherwise_is_awaited_under_its_new_name(begin):
    def content(name: str) -> bytes:
        catch = f'<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m_{name}"/></intermediateCatchEvent>'
        return diagram("s -> wait -> u1 -> e", catch, roots=message(name))

    case = begin(content("paper"), key="k")
    assert judged(case, content("letter")) == ("safe", ["wait_renewed"])
    migrate(case, content("letter"))
    assert case.message("letter").open == ["u1"]


def test_an_event_based_gateway_waits_for_one_more(begin):
    def content(*names: str) -> bytes:
        events = "".join(
            f'<intermediateCatchEvent id="{n}">{timer("duration", d)}</intermediateCatchEvent>'
            for n, d in zip(names, ("PT1H", "PT2H", "PT3H"), strict=False)
        )
        flows = "\n".join(f"g -> {n} -> u{i} -> e" for i, n in enumerate(names, 1))
        return diagram(f"s -> g\n{flows}", '<eventBasedGateway id="g"/>' + events)

    case = begin(content("w1", "w2"))
    migrate(case, content("w1", "w2", "w3"))
    assert case.waiting_for() == ["w1", "w2", "w3"]
    assert case.fire("w3").open == ["u3"]


def test_a_called_instance_is_migrated_by_itself(begin, office):
    office.deploy(diagram("s -> u1 -> e", process_id="child"))
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child"/>""")}</callActivity>'
    case = begin(diagram("s -> call -> u9 -> e", call))
    child = case.instances()[1].instance_key
    new = office.deploy(diagram("s -> u1 -> u2 -> e", process_id="child"))
    case.do(lambda run: run.migrate(child, new, {}))
    assert case.complete("u1").complete("u2").open == ["u9"]


def test_open_work_keeps_what_it_was_opened_with_and_the_findings_say_so(begin):
    def content(form: str, people: str, job: str) -> bytes:
        task = user("u1", people=people).replace('formId="u1"', f'formId="{form}"')
        return diagram("s -> p1 -> u1 -> e\np1 -> work -> e", task + service("work", job))

    case = begin(content("u1", 'candidateGroups="office"', "mail"))
    codes = judged(case, content("u1b", 'candidateGroups="leaders"', "post"))
    assert codes == ("safe", ["task_keeps_form", "task_keeps_assignment", "job_keeps_type"])
    migrate(case, content("u1b", 'candidateGroups="leaders"', "post"))
    assert case.task("u1").candidate_groups == ("office",)
    case.complete_job("work").complete("u1")
    assert case.state == "completed"


def test_an_incident_is_retried_as_the_new_version_says(begin):
    case = begin(diagram("s -> calc -> u1 -> e", script("calc", "if ok then 1 else function(x) x", "n")), ok=False)
    assert case.incident().element_id == "calc"
    migrate(case, diagram("s -> calc -> u1 -> e", script("calc", "7", "n")))
    assert case.retry("calc").open == ["u1"]
    assert case.variables["n"] == 7


# what is refused


def test_a_third_branch_on_a_running_parallel_block_is_refused_and_one_before_it_is_not(begin):
    two = "s -> u0 -> p1 -> u1 -> p2 -> e\np1 -> u2 -> p2"
    three = two + "\np1 -> u3 -> p2"
    case = begin(diagram(two))
    assert judged(case, diagram(three)) == ("safe", [])
    case.complete("u0")
    assert refused(case, diagram(three)) == ("unsafe", ["join_would_hang"])
    case.complete("u1")
    assert refused(case, diagram(three)) == ("unsafe", ["join_changed"])
    case.complete("u2")
    assert case.state == "completed"


def test_a_task_put_into_a_parallel_block_while_it_is_active_is_refused(begin):
    case = begin(diagram(SIMPLE))
    assert refused(case, diagram("s -> p1 -> u1 -> p2 -> u2 -> e\np1 -> u3 -> p2")) == ("unsafe", ["join_would_hang"])


def test_a_branch_that_ends_everything_hides_no_join_that_would_wait_for_ever(begin):
    def content(second: str) -> bytes:
        stop = '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
        return diagram(f"s -> p1 -> u1 -> stop\np1 -> {second}", stop)

    case = begin(content("u2 -> u3 -> e"))
    new = content("p3 -> u2 -> p4 -> u3 -> e\np3 -> u4 -> p4")
    assert refused(case, new) == ("unsafe", ["join_would_hang"])
    bad = '<endEvent id="bad"><errorEventDefinition errorRef="err"/></endEvent>'
    error = '<error id="err" name="err" errorCode="ERR"/>'
    flows = "s -> p1 -> u1 -> x1\nx1 -> bad : =wrong\nx1 -> p2 : default\np1 -> u2 -> p2\np2 -> e"
    case = begin(diagram(flows, bad, roots=error))
    assert refused(case, diagram(flows + "\np1 -> u3 -> p2", bad, roots=error)) == ("unsafe", ["join_would_hang"])


def test_active_branches_put_one_after_the_other_are_refused(begin):
    case = begin(diagram("s -> p1 -> u1 -> p2 -> e\np1 -> u2 -> p2"))
    assert refused(case, diagram("s -> u1 -> u2 -> e"))[0] == "unsafe"
    assert "order_changed" in refused(case, diagram("s -> u1 -> u2 -> e"))[1]


def test_active_branches_of_which_the_new_version_chooses_one_are_refused(begin):
    case = begin(diagram("s -> p1 -> u1 -> e1\np1 -> u2 -> e2"))
    assert refused(case, diagram("s -> x1\nx1 -> u1 : =a\nx1 -> u2 : default\nu1 -> e1\nu2 -> e2")) == (
        "unsafe",
        ["never_together"],
    )
    assert judged(case, diagram("s -> o1\no1 -> u1 : =a\no1 -> u2 : default\nu1 -> e1\nu2 -> e2")) == ("safe", [])


def test_what_an_event_began_beside_a_task_goes_on_beside_it(begin):
    tick = f'<boundaryEvent id="tick" attachedToRef="u1" cancelActivity="false">{timer("duration", "PT1H")}</boundaryEvent>'
    case = begin(diagram("s -> u1 -> u2 -> e\ntick -> u3 -> e3", user("u1") + tick)).fire("tick")
    assert judged(case, diagram("s -> u1 -> u2 -> e\ntick -> u3 -> u4 -> e3", user("u1") + tick)) == ("safe", [])
    chosen = diagram("s -> u1 -> x1\nx1 -> u3 : =a\nx1 -> e : default\nu3 -> u2 -> e2")
    assert refused(case, chosen) == ("unsafe", ["never_together"])


def test_two_active_tasks_cannot_become_one(begin):
    case = begin(diagram("s -> p1 -> u1 -> e1\np1 -> u2 -> e2"))
    assert "merged" in refused(case, diagram("s -> u1 -> e"), {"u2": "u1"})[1]


def test_another_kind_of_task_another_kind_of_repetition_and_another_sub_process_are_refused(begin):
    case = begin(diagram(SIMPLE))
    assert refused(case, diagram("s -> u1 -> u2 -> e", service("u1", "mail"))) == ("unsafe", ["type_changed"])
    assert refused(case, diagram(SIMPLE, user("u1", inside=loop("[1]", "n")))) == ("unsafe", ["multi_instance_changed"])
    sub = f'<subProcess id="sub"><startEvent id="s1"/>{user("u1")}</subProcess>'
    assert refused(case, diagram("s -> sub -> u2 -> e\ns1 -> u1", sub)) == ("unsafe", ["scope_changed"])


def test_parallel_items_do_not_become_sequential_nor_one(begin):
    case = begin(diagram("s -> u1 -> e", user("u1", inside=loop("[1, 2]", "n"))))
    sequential = diagram("s -> u1 -> e", user("u1", inside=loop("[1, 2]", "n", sequential=True)))
    assert set(refused(case, sequential)[1]) == {"multi_instance_changed"}
    assert set(refused(case, diagram("s -> u1 -> e"))[1]) == {"multi_instance_changed"}


def test_a_running_sub_process_that_is_gone_needs_a_mapping_or_is_refused(begin):
    sub = f'<subProcess id="sub"><startEvent id="s1"/>{user("u1")}</subProcess>'
    case = begin(diagram("s -> sub -> e\ns1 -> u1", sub))
    assert refused(case, diagram("s -> u1 -> e"))[0] == "needs_mapping"
    renamed = diagram("s -> other -> e\ns1 -> u1", sub.replace('id="sub"', 'id="other"'))
    migrate(case, renamed, {"sub": "other"}).complete("u1")
    assert case.state == "completed"


def test_a_boundary_event_that_cannot_be_set_is_refused_with_its_cause(begin):
    case = begin(diagram(SIMPLE))
    late = f'<boundaryEvent id="late" attachedToRef="u1">{timer("date", "=no_such_date")}</boundaryEvent>'
    target = case.office.deploy(diagram(SIMPLE + "\nlate -> u3 -> e", user("u1") + late))
    with pytest.raises(CannotMove) as error:
        case.execution.migrate(case.execution.root_key, target, {})
    (finding,) = error.value.findings
    assert finding.code == "cannot_wait"
    assert "late" in finding.message
    assert case.do(lambda run: None).complete("u1").open == ["u2"]


def test_an_inclusive_join_that_nothing_can_come_to_any_more_goes_on_at_once(begin):
    flows = "s -> o1\no1 -> u1 : =a\no1 -> u2 : =b\no1 -> e : default\nu1 -> o2\nt1 -> o2\no2 -> u3 -> e"
    case = begin(diagram(flows + "\nu2 -> t1"), a=True, b=True)
    case.complete("u1")
    other = flows.replace("o1 -> e : default", "o1 -> u4 : default\nu4 -> t1")
    migrate(case, diagram(other + "\nu2 -> e"))
    assert case.open == ["u2", "u3"]


def test_migrating_and_putting_back_leaves_everything_as_it_was(begin):
    def content(late: str) -> bytes:
        more = f'<boundaryEvent id="{late}" attachedToRef="u1">{timer("duration", "P1D")}</boundaryEvent>'
        return diagram(f"s -> p1 -> u1 -> p2 -> e\np1 -> u2 -> p2\n{late} -> u3 -> e", user("u1") + more)

    case = begin(content("late")).complete("u2")
    before = case.execution.snapshot()
    waits = dict(case.waits)
    migrate(case, content("later"))
    assert case.waiting_for() == ["later"]
    case.do(lambda run: run.put_back(before))
    assert case.waiting_for() == ["late"]
    assert [w.due_at for w in case.waits.values() if isinstance(w, TimerScheduled)] == [w.due_at for w in waits.values()]
    assert case.execution.snapshot() == before
    assert case.fire("late").open == ["u3"]


def test_output_mappings_and_new_tasks_of_the_new_version_are_used(begin):
    case = begin(diagram(SIMPLE))
    migrate(case, diagram(SIMPLE, user("u1", extensions=mapping("out: total <- =amount * 2"))))
    assert case.complete("u1", amount=4).variables == {"total": 8}


# what is completed and still counts


def test_what_may_have_to_be_undone_needs_its_place_and_its_handler_in_the_new_version(begin):
    def content(name: str, *, undone: bool = True) -> bytes:
        event = f'<boundaryEvent id="on_{name}" attachedToRef="{name}"><compensateEventDefinition/></boundaryEvent>'
        event += f'<association id="line_{name}" sourceRef="on_{name}" targetRef="undo"/>'
        handler = user("undo").replace(" id=", ' isForCompensation="true" id=', 1)
        throw = '<intermediateThrowEvent id="back"><compensateEventDefinition/></intermediateThrowEvent>'
        return diagram(f"s -> {name} -> u2 -> back -> u9 -> e", user(name) + throw + (event + handler if undone else ""))

    case = begin(content("u1")).complete("u1")
    assert refused(case, content("u7")) == ("needs_mapping", ["completed_element_removed"])
    assert refused(case, content("u1", undone=False)) == ("unsafe", ["handler_removed"])
    migrate(case, content("u7"), {"u1": "u7"}).complete("u2")
    assert case.open == ["undo"]
    assert refused(case, content("u7", undone=False)) == ("needs_mapping", ["element_removed"])
    assert case.complete("undo").open == ["u9"]


def test_kept_completions_and_steps_that_can_be_returned_to_go_along_under_their_new_names(begin):
    case = begin(diagram("s -> u1 -> u2 -> u3 -> e")).complete("u1").complete("u2")
    kept = {"name": "n", "task_key": 1, "form_key": None, "values": {}, "completed_by": "ann", "completed_at": "2026-03-02"}
    key = case.task("u3").element_key
    case.do(lambda run: run.return_to(key, "u1", "again", {kept_name("p", "u2", []): kept}))
    migrate(case, diagram("s -> u1 -> u7 -> u8 -> u3 -> e"), {"u2": "u7"})
    assert case.complete("u1").open == ["u8"]
    key = case.task("u8").element_key
    assert sorted(way.element_id for way in case.execution.ways_back(key)) == ["u1", "u7"]

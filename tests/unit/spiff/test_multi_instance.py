"""Several instances of one activity."""

from __future__ import annotations

from tests.unit.spiff.diagrams import diagram, ext, loop, mapping, user

VOTERS = ["a", "b", "c", "d", "e"]


def vote(**options):
    marker = loop("voters", "voter", output="votes = vote", **options)
    return diagram("s -> vote -> u9 -> e", user("vote", inside=marker, people='assignee="=voter"'))


def test_each_item_gets_a_task_with_its_own_local_variables(begin):
    case = begin(vote(), voters=VOTERS)
    assert [task.assignee for task in case.tasks.values()] == VOTERS
    assert case.local("vote", 2) | {"voters": 0} == {"voter": "c", "loopCounter": 3, "voters": 0}


def test_results_are_gathered_in_the_order_of_the_items(begin):
    case = begin(vote(), voters=["a", "b", "c"])
    case.complete("vote", 2, vote="no").complete("vote", 0, vote="yes").complete("vote", 0, vote="maybe")
    assert case.open == ["u9"]
    assert case.variables["votes"] == ["yes", "maybe", "no"]


def test_a_majority_ends_the_vote_and_the_others_are_terminated(begin):
    case = begin(vote(condition="count(votes[item = &quot;yes&quot;]) >= 3"), voters=VOTERS)
    case.complete("vote", vote="yes").complete("vote", vote="no").complete("vote", vote="yes")
    assert case.open == ["vote", "vote"]
    case.complete("vote", vote="yes")
    assert case.open == ["u9"]
    assert case.variables["votes"] == ["yes", "no", "yes", "yes", None]
    assert case.terminated() == ["vote"]


def test_the_completion_condition_sees_the_counters(begin):
    condition = (
        "numberOfCompletedInstances * 2 > numberOfInstances and numberOfActiveInstances = 2 and numberOfTerminatedInstances = 0"
    )
    case = begin(vote(condition=condition), voters=VOTERS)
    case.complete("vote", vote=1).complete("vote", vote=1)
    assert len(case.open) == 3
    case.complete("vote", vote=1)
    assert case.open == ["u9"]


def test_a_veto_can_be_read_from_the_child_that_just_completed(begin):
    case = begin(vote(condition="vote = &quot;no&quot;"), voters=VOTERS)
    assert len(case.complete("vote", vote="yes").open) == 4
    assert case.complete("vote", vote="no").open == ["u9"]


def test_sequential_instances_come_one_after_the_other(begin):
    case = begin(vote(sequential=True), voters=["a", "b"])
    assert [task.assignee for task in case.tasks.values()] == ["a"]
    case.complete("vote", vote=1)
    assert [task.assignee for task in case.tasks.values()] == ["b"]
    assert case.complete("vote", vote=2).variables["votes"] == [1, 2]


def test_a_sequential_vote_stops_when_its_condition_holds(begin):
    case = begin(vote(sequential=True, condition="vote = 1"), voters=VOTERS)
    case.complete("vote", vote=1)
    assert case.open == ["u9"]


def test_no_items_means_no_task_and_an_empty_list(begin):
    case = begin(vote(), voters=[])
    assert case.open == ["u9"]
    assert case.variables["votes"] == []


def test_a_number_of_instances_may_stand_in_place_of_a_list(begin):
    def counted(text):
        marker = f"<multiInstanceLoopCharacteristics><loopCardinality>{text}</loopCardinality></multiInstanceLoopCharacteristics>"
        return diagram("s -> vote -> u9 -> e", user("vote", inside=marker))

    case = begin(counted("3"))
    assert (case.open, case.local("vote", 2)) == (["vote"] * 3, {"loopCounter": 3})
    case.complete("vote").complete("vote").complete("vote")
    assert case.open == ["u9"]
    assert begin(counted("=count(people)"), people=["a", "b"]).open == ["vote", "vote"]
    assert begin(None, "p", people=[]).open == ["u9"]
    assert begin(counted("=number"), number="many").incident().kind == "io_mapping_error"


def test_a_collection_that_is_no_list_is_an_incident_and_can_be_mended(begin):
    case = begin(vote(), voters="a")
    assert case.incident().kind == "io_mapping_error"
    case.do(lambda run: run.set_variables(run.root_key, {"voters": ["x"]}, local=True))
    assert case.retry("vote").open == ["vote"]


def test_output_mappings_run_for_every_child(begin):
    marker = loop("[1, 2]", "n", output="doubled = twice")
    task = user("u1", inside=marker, extensions=mapping("out: twice <- =value * 2", "out: last <- =n"))
    case = begin(diagram("s -> u1 -> u9", task), last=0, twice=0)
    case.complete("u1", value=5).complete("u1", value=7)
    assert case.variables["last"] == 2
    assert case.variables["doubled"] == [10, 14]


def test_a_boundary_event_interrupts_all_children(begin):
    boundary = '<boundaryEvent id="late" attachedToRef="vote"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>'
    task = user("vote", inside=loop("voters", "voter"))
    case = begin(diagram("s -> vote -> u9\nlate -> u8", task + boundary), voters=VOTERS)
    case.fire("late")
    assert case.open == ["u8"]
    assert case.terminated() == ["vote"] * 6  # five children and their body


def test_sub_processes_can_be_multi_instance_and_keep_their_variables_apart(begin):
    inner = f'<subProcess id="sub">{loop("units", "unit", output="sums = amount")}<startEvent id="s2"/></subProcess>'
    case = begin(diagram("s -> sub -> u9\ns2 -> u2 -> u3 -> e2", inner), units=["x", "y"], amount=None)
    assert case.open == ["u2", "u2"]
    case.complete("u2", 1)
    assert case.open == ["u2", "u3"]
    case.complete("u2").complete("u3", 0, amount=1)
    assert case.open == ["u3"]
    assert case.complete("u3", amount=2).variables["sums"] == [2, 1]


def test_multi_instance_in_a_called_process_in_multi_instance(begin, office):
    office.deploy(
        diagram("s -> vote -> e", user("vote", inside=loop("people", "person", output="result = vote")), process_id="child")
    )
    call = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child" propagateAllChildVariables="false"/>""" + mapping("in: people <- =group", "out: done <- =result"))}'
    call += loop("groups", "group", output="all = result") + "</callActivity>"
    case = begin(diagram("s -> call -> u9", call), groups=[["a", "b"], ["c"]])
    assert case.open == ["vote", "vote", "vote"]
    case.complete("vote", 2, vote=3).complete("vote", 1, vote=2)
    assert case.open == ["vote"]
    case.complete("vote", vote=1)
    assert case.open == ["u9"]
    assert case.variables["all"] == [[1, 2], [3]]
    assert len(case.instances()) == 3

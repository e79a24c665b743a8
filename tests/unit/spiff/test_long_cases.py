"""Cases that are long, wide or long-winded, stored and loaded before every step."""

from __future__ import annotations

from engine.events import UserTaskCreated
from engine.spiff import Execution
from tests.unit.spiff.diagrams import diagram, loop, user
from tests.unit.spiff.office import Office


class Stored:
    """A case of which only the stored state is kept; ``open`` are the keys of open user tasks in their order."""

    def __init__(self, office: Office, content: bytes, **variables: object) -> None:
        self.office = office
        execution = Execution.start(office, office.deploy(content).definition_key, variables)
        self.open: list[int] = []
        self.sizes: list[int] = []
        self.keep(execution)

    def complete(self, **variables: object) -> None:
        execution = Execution.load(self.office, self.state)
        execution.complete_user_task(self.open.pop(0), variables)
        self.keep(execution)

    def keep(self, execution: Execution) -> None:
        self.open += [event.element_key for event in execution.drain() if isinstance(event, UserTaskCreated)]
        self.state = execution.snapshot()
        self.sizes.append(len(self.state))
        self.execution = execution


def test_a_loop_of_ten_thousand_tasks(office: Office):
    case = Stored(office, diagram("s -> x1 -> u1 -> x2\nx2 -> x1 : =turn < 10000\nx2 -> e : default"))
    for turn in range(1, 10_001):
        case.complete(turn=turn)
    assert case.execution.state == "completed"
    assert max(case.sizes[5_000:10_000]) <= 1.2 * case.sizes[10], "the stored state does not grow with the age of the case"


def test_a_loop_that_splits_and_joins_a_thousand_times(office: Office):
    content = diagram("s -> x1 -> p1 -> u1 -> p2\np1 -> u2 -> p2\np2 -> x2\nx2 -> x1 : =turn < 1000\nx2 -> e : default")
    case = Stored(office, content)
    for turn in range(1, 1001):
        case.complete(turn=turn)
        case.complete()
    assert case.execution.state == "completed"


def test_a_chain_of_fifteen_hundred_tasks(office: Office):
    flows = " -> ".join(["s", *(f"u{n}" for n in range(1500)), "e"])
    case = Stored(office, diagram(flows))
    for n in range(1500):
        case.complete(**{f"v{n % 10}": n})
    assert case.execution.state == "completed"


def test_five_hundred_people_vote_at_once(office: Office):
    marker = loop("people", "person", output="votes = vote", condition="count(votes[item = &quot;yes&quot;]) &gt;= 400")
    case = Stored(office, diagram("s -> vote -> u9 -> e", user("vote", inside=marker)), people=list(range(500)))
    assert len(case.open) == 500
    for n in range(479):
        case.complete(vote="no" if n % 6 == 5 else "yes")
    ((key, element, _),) = case.execution.waiting_tokens()
    assert element == "u9"
    votes = case.execution.variables(key)["votes"]
    assert (votes.count("yes"), votes.count("no"), votes.count(None)) == (400, 79, 21)


def test_sixty_sub_processes_in_each_other(office: Office):
    elements, flows = "", ["s -> b0 -> e"]
    for depth in reversed(range(60)):
        elements = f'<subProcess id="b{depth}"><startEvent id="s{depth}0"/>{elements}</subProcess>'
        flows.append(f"s{depth}0 -> b{depth + 1}" if depth < 59 else f"s{depth}0 -> u1")
    case = Stored(office, diagram("\n".join(flows), elements))
    case.complete()
    assert case.execution.state == "completed"

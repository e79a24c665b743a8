"""What only purchasing looks for, and what the office's designers keep to so that everybody finds their way."""

from __future__ import annotations

from engine.checks import RULES, Rule

SAME_PERSON = Rule(
    "same_person_approves",
    "warning",
    "The same person may request and approve",
    "Who asks for something must not decide on it: drawing up and reviewing the demand, asking for a payment and approving it are "
    "incompatible posts (procurement law article 61 and the rules on internal control).",
    "Give one of the two tasks to another group or person, or draw the approval of a second person between them.",
)
NO_PUBLICITY = Rule(
    "award_without_publicity",
    "warning",
    "An award without a publicity period",
    "Before an award is published the result has to be shown to the public for at least five working days "
    "(the office's rules, article 9 (9)), so that objections can be raised.",
    "Call result_publicity on this way, or publish the result with notice.publish (kind result_publicity) and wait with a timer.",
)
TOO_SHORT = Rule(
    "period_below_minimum",
    "warning",
    "A period shorter than the law allows",
    "The least and the longest periods stand in the table legal_periods with article and mark; what is announced for less can be "
    "declared void.",
    "Set the period to the legal value or a longer one. If the law has changed, add a row with its date to legal_periods.",
)
NO_ARTICLE = Rule(
    "element_without_article",
    "warning",
    "What people or tables decide without its article",
    "Who decides has to see on what ground; the text also says where the rules leave a gap.",
    "Name the article in the documentation of the element, or say that the rules have none.",
)
AMOUNT_IN_DIAGRAM = Rule(
    "amount_in_diagram",
    "warning",
    "An amount of money written into a diagram",
    "Limits change and are dated data: written into a condition they are overlooked, and differ from the table one day.",
    "Put the amount into the table office_rules and read it with a business rule task.",
)
UNKNOWN_OPERATION = Rule(
    "operation_unknown",
    "hint",
    "A service task that no operation of ours does",
    "The type is not among the operations: an outside worker has to fetch the job, else the case waits.",
    "Choose an operation from the list, or make sure that the outside worker runs.",
)
WORDING = Rule(
    "wording_convention",
    "hint",
    "A label that does not follow the convention",
    "Labels are Chinese; gateways ask a question; forms, fields and processes have Chinese titles: everybody reads them.",
    "Write the label in Chinese; let a gateway with several ways ask a question that ends with ？",
)
TASK_NAME = Rule(
    "naming_convention",
    "hint",
    "An id that does not say what is done",
    "Tasks are called verb_object, events object_state, and the form has the name of its task: cases, history and tests use it.",
    "Call tasks like review_demand, events like notice_published, and the form as its task.",
)
TOO_LARGE = Rule(
    "diagram_too_large",
    "hint",
    "A diagram with more than 25 elements",
    "Nobody overlooks so much at once.",
    "Move a part that belongs together into a process of its own and call it.",
)
ROW_WITHOUT_SOURCE = Rule(
    "row_without_source",
    "warning",
    "A row of a decision table without its source",
    "Every rule of a table is a rule of somebody: the row has to say whose, and rows whose text has not been read in full have to "
    "ask for confirmation by the finance bureau.",
    "Write the source into the annotation of the row; with the marks V2, V3 or R add 请向财政部门确认.",
)
ESCALATION_UNKNOWN = Rule(
    "escalation_unknown",
    "warning",
    "An escalation to nobody",
    "The properties escalateTo and escalateAfter of a task say who is told once it is overdue, and after how many working days.",
    "Write a role such as street_leader, or initiator or agency; and a whole number of working days.",
)
LEDGER_UNFIT = Rule(
    "ledger_unfit",
    "error",
    "A ledger that cannot be used",
    "A ledger's file names its form, its fields, who may read it; one that does not fit is left out, and processes that record in "
    "it stop.",
    "Mend what is named: the field must be one of the form, the role one of the office.",
)

OWN: tuple[Rule, ...] = (
    SAME_PERSON,
    NO_PUBLICITY,
    TOO_SHORT,
    NO_ARTICLE,
    ROW_WITHOUT_SOURCE,
    AMOUNT_IN_DIAGRAM,
    ESCALATION_UNKNOWN,
    LEDGER_UNFIT,
    UNKNOWN_OPERATION,
    WORDING,
    TASK_NAME,
    TOO_LARGE,
)
CATALOGUE: dict[str, Rule] = {rule.code: rule for rule in (*RULES, *OWN)}

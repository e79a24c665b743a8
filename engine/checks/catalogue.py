"""The engine's own rules: what is looked for in any diagram, table or form, whatever it is about."""

from __future__ import annotations

from engine.checks.finding import Rule

REFUSED = Rule(
    "deployment_refused",
    "error",
    "Deployment would refuse the file",
    "The engine runs only what it understands completely. A file it would not take cannot be released.",
    "Do what the sentence says; the file stays in the draft until then.",
    fixed=True,
)
NOTED = Rule(
    "deployment_note",
    "warning",
    "Deployment would remark on the file",
    "The file can be deployed, but something in it is probably not meant.",
    "Read the sentence and change the place it names, or say why it is meant.",
)
NEVER_WRITTEN = Rule(
    "variable_never_written",
    "warning",
    "A variable is read before any way there writes it",
    "What nothing writes is null: a condition on it stops the case, a text stays empty, a deadline is missing.",
    "Correct the name, fill the variable in a form or an output mapping before this element, or name it in the property variables "
    "of the start event when the process is started with it.",
)
NOT_ON_EVERY_WAY = Rule(
    "variable_missing_on_a_way",
    "hint",
    "A variable is read that some way there does not write",
    "On the way shown the variable is null. That may be meant where the expression is only about the other ways.",
    "Set the variable on that way too (an output mapping with =null is enough), or compare it with null before using it.",
)
OUTPUT_GONE = Rule(
    "called_output_gone",
    "error",
    "A caller reads what the called process no longer gives",
    "Cases that run already call the newest version. What it no longer writes is null there: a condition stops the case, a text "
    "stays empty, months after the release.",
    "Let the process write the variable as before (a script task will do), or wait until no case runs on the caller's version; where "
    "it is meant, say why as the reason for silencing.",
)
INPUT_NEEDED = Rule(
    "caller_input_missing",
    "error",
    "A called process needs what a caller in use does not pass",
    "Cases that run already call the newest version with what their own version passes. What they do not pass is null there.",
    "Let the process do without: compare the variable with null first, or set it inside; then pass it from the callers' next version. "
    "Where it is meant, say why as the reason for silencing.",
    like=(NEVER_WRITTEN.code, NOT_ON_EVERY_WAY.code),
)
CALLED_DELETED = Rule(
    "called_process_deleted",
    "error",
    "A process that is still called was deleted or got another id",
    "The call does not fail: it goes on with the version deployed last, which no file shows and nobody can change any more.",
    "Bring the file back or keep the id, or let the callers call another process first.",
)
FIELD_UNREAD = Rule(
    "form_field_unread",
    "hint",
    "A form field that nobody reads",
    "People fill it in for the file only: no expression, form, decision, operation or called process uses it.",
    "Delete the field, or use it; where it is only kept for the record, say so as the reason for silencing.",
)
NO_WAY_OUT = Rule(
    "gateway_without_way",
    "warning",
    "All conditions of a gateway can be false",
    "When no condition is true and there is no default flow, the case stops there until an operator helps.",
    "Make one of the flows the default flow, or complete the conditions for the values shown.",
)
NO_CANDIDATES = Rule(
    "user_task_without_candidates",
    "error",
    "A user task that nobody may do",
    "Without an assignee, candidate groups or candidate users the task appears in no inbox.",
    "Name an assignee, candidate groups or candidate users.",
    fixed=True,
)
NO_FORM = Rule(
    "user_task_without_form",
    "warning",
    "A user task without a form",
    "Nothing can be entered and nothing is shown: whoever does the task signs an empty sheet.",
    "Choose a form for the task, or use a manual task when nothing has to be recorded.",
)
UNREACHABLE = Rule(
    "element_unreachable",
    "error",
    "An element that can never be reached",
    "No way from a start event leads there, so it is never done although it is drawn.",
    "Draw a flow to it, or delete it.",
    fixed=True,
)
TABLE_GAP = Rule(
    "table_gap",
    "warning",
    "A decision table with a gap",
    "For the values shown no rule answers: the case stops at the decision.",
    "Add a rule for these values or a default output, or narrow the values the input allows.",
)
TABLE_OVERLAP = Rule(
    "table_overlap",
    "error",
    "A decision table with overlapping rules",
    "For the values shown several rules answer, though the hit policy allows one answer.",
    "Make the rules exclude one another, or choose another hit policy.",
    fixed=True,
)
TABLE_UNREACHABLE = Rule(
    "table_rule_unreachable",
    "warning",
    "A rule of a decision table that can never answer",
    "Its cells contradict the allowed values, or rules above take everything it would answer.",
    "Delete the rule, move it up, or correct its cells.",
)
NO_LABEL = Rule(
    "element_without_label",
    "warning",
    "An element without a label",
    "People see labels in the inbox, in the history and in the picture; without one they see an id.",
    "Write on the element what is done, what has happened, or what is asked.",
)
ID_CONVENTION = Rule(
    "id_convention",
    "hint",
    "An id that does not follow the convention",
    "Ids stand in the history, in cases and in tests: small English letters, digits and underscores can be read everywhere.",
    "Rename the id in small letters with underscores before the diagram is released for the first time.",
)
NOT_DRAWN = Rule(
    "element_not_drawn",
    "warning",
    "An element without a place in the picture",
    "It is carried out, but nobody sees it in the diagram.",
    "Open the diagram in the editor and place the element, or delete it.",
)
COVERED = Rule(
    "element_covered",
    "hint",
    "Two elements that cover each other",
    "Who reads the picture overlooks one of them.",
    "Move them apart.",
)

BETWEEN_VERSIONS: tuple[Rule, ...] = (OUTPUT_GONE, INPUT_NEEDED, CALLED_DELETED)  # what cases that run would come upon

RULES: tuple[Rule, ...] = (
    REFUSED,
    NO_CANDIDATES,
    UNREACHABLE,
    TABLE_OVERLAP,
    NOTED,
    NEVER_WRITTEN,
    NOT_ON_EVERY_WAY,
    *BETWEEN_VERSIONS,
    NO_WAY_OUT,
    NO_FORM,
    FIELD_UNREAD,
    TABLE_GAP,
    TABLE_UNREACHABLE,
    NO_LABEL,
    ID_CONVENTION,
    NOT_DRAWN,
    COVERED,
)

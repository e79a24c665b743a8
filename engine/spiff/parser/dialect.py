"""The extension elements of one flow node, as definitions on its specification."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from lxml import etree

from engine.feel import Expression
from engine.spiff.definitions import (
    CallDefinition,
    DecisionDefinition,
    JobDefinition,
    LoopDefinition,
    ScriptDefinition,
    StandardLoopDefinition,
    UserTaskDefinition,
    Value,
    VariableMapping,
)
from engine.spiff.host import Binding
from engine.spiff.parser.reading import Reading
from engine.spiff.parser.xml import bpmn, zeebe
from engine.spiff.runner.timers import TimerInvalid, moment
from engine.spiff.specs.ad_hoc import AdHocSubProcess
from engine.spiff.specs.containers import CallActivity
from engine.spiff.specs.element import Element
from engine.spiff.specs.tasks import RETURN, BusinessRuleTask, JobTask, ScriptTask, UserTask

DEFAULT_RETRIES = "3"


class Dialect:
    """Reads what stands on a flow node beyond its flows and event definition."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.problems = reading.problems

    def apply(self, node: etree._Element, spec: Element) -> None:
        spec.input_mappings = self._mappings(node, "input")
        spec.output_mappings = self._mappings(node, "output")
        spec.headers = dict(self._pairs(node, "taskHeaders", "header", "key"))
        spec.properties = dict(self.properties(node))
        if isinstance(spec, UserTask):
            spec.definition = self._user_task(node)
        elif isinstance(spec, CallActivity):
            spec.call = self._call(node)
        elif isinstance(spec, AdHocSubProcess):
            self._ad_hoc(node, spec)
        elif isinstance(spec, JobTask):
            self._work(node, spec)

    def properties(self, node: etree._Element) -> Iterator[tuple[str, str]]:
        return self._pairs(node, "properties", "property", "name")

    def _work(self, node: etree._Element, spec: JobTask) -> None:
        spec.job = self._job(node)
        if isinstance(spec, ScriptTask):
            spec.script = self._script(node)
            self._exactly_one(node, spec.script or extension(node, "script"), spec.job, "zeebe:script or zeebe:taskDefinition")
        elif isinstance(spec, BusinessRuleTask):
            spec.decision = self._decision(node)
            self._exactly_one(node, spec.decision, spec.job, "zeebe:calledDecision or zeebe:taskDefinition")
        elif node.tag == bpmn("serviceTask") and spec.job is None:
            self.problems.error(node, "The service task does not say what to do. Add zeebe:taskDefinition with a type.")

    def _exactly_one(self, node: etree._Element, first: object, second: object, choice: str) -> None:
        if (first is None) == (second is None):
            self.problems.error(node, "The task must have exactly one of {choice}.", choice=choice)

    def _mappings(self, node: etree._Element, direction: str) -> tuple[VariableMapping, ...]:
        io_mapping = extension(node, "ioMapping")
        if io_mapping is None:
            return ()
        return tuple(self._mapping(entry) for entry in io_mapping.findall(zeebe(direction)))

    def _mapping(self, entry: etree._Element) -> VariableMapping:
        path = (entry.get("target") or "").split(".")
        target = tuple(self.reading.name(entry, part, "target") for part in path)
        source = entry.get("source")
        if source is None:
            self.problems.error(entry, "The mapping to {target} has no source.", target=".".join(path))
        return VariableMapping(self.reading.value(entry, source or ""), target)

    def _pairs(self, node: etree._Element, outer: str, inner: str, key: str) -> Iterator[tuple[str, str]]:
        holder = extension(node, outer)
        for entry in [] if holder is None else holder.findall(zeebe(inner)):
            if not entry.get(key):
                self.problems.error(entry, "zeebe:{name} has no {key}.", name=inner, key=key)
            yield str(entry.get(key) or ""), str(entry.get("value") or "")

    def _user_task(self, node: etree._Element) -> UserTaskDefinition:
        empty = etree.Element("none")
        people = _or(extension(node, "assignmentDefinition"), empty)
        schedule = _or(extension(node, "taskSchedule"), empty)
        form = extension(node, "formDefinition")
        read = self.reading
        task = UserTaskDefinition(
            assignee=read.optional(people, "assignee"),
            candidate_groups=read.optional(people, "candidateGroups"),
            candidate_users=read.optional(people, "candidateUsers"),
            due=self._moment(schedule, "dueDate"),
            follow_up=self._moment(schedule, "followUpDate"),
            priority=self._priority(_or(extension(node, "priorityDefinition"), empty)),
            form_id=None if form is None else read.required(form, "formId"),
            form_binding=Binding() if form is None else self._binding(form),
        )
        if task.assignee is None and task.candidate_groups is None and task.candidate_users is None:
            self.problems.error(
                node,
                "Nobody may do this user task. Add zeebe:assignmentDefinition with an assignee, candidateGroups or candidateUsers.",
            )
        back = dict(self._pairs(node, "taskHeaders", "header", "key")).get(RETURN, "never")
        if back != "never":
            self.problems.error(
                node, "The task header return must be never, not {text}. Leave it out where a task may be sent back.", text=back
            )
        if task.form_id is None:
            self.problems.warning(
                node, "The user task has no form, so nothing can be entered. Add zeebe:formDefinition with a formId."
            )
        return task

    def _moment(self, schedule: etree._Element, attribute: str) -> Value | None:
        found = self.reading.optional(schedule, attribute)
        try:
            if found is not None and not found.text.startswith("="):
                moment(found.text, dt.UTC)
        except TimerInvalid as error:
            self.problems.error(schedule, error.template, **error.ids)
        return found

    def _priority(self, node: etree._Element) -> Value | None:
        found = self.reading.optional(node, "priority")
        if found is not None and not found.text.startswith("=") and not (found.text.isdigit() and int(found.text) <= 100):
            self.problems.error(node, "The priority must be a whole number from 0 to 100, not {text}.", text=found.text)
        return found

    def _job(self, node: etree._Element) -> JobDefinition | None:
        found = extension(node, "taskDefinition")
        if found is None:
            return None
        retries = self.reading.optional(found, "retries") or Value(DEFAULT_RETRIES)
        if retries.expression is None and not retries.text.isdigit() and not retries.text.startswith("="):
            self.problems.error(found, "The retries must be a whole number, not {text}.", text=retries.text)
        return JobDefinition(self.reading.required(found, "type"), retries)

    def _script(self, node: etree._Element) -> ScriptDefinition | None:
        found = extension(node, "script")
        if found is None:
            return None
        expression = self.reading.expression(found, found.get("expression"), "expression")
        name = self.reading.name(found, found.get("resultVariable"), "resultVariable")
        return None if expression is None else ScriptDefinition(expression, name)

    def _decision(self, node: etree._Element) -> DecisionDefinition | None:
        found = extension(node, "calledDecision")
        if found is None:
            return None
        name = self.reading.name(found, found.get("resultVariable"), "resultVariable")
        return DecisionDefinition(self.reading.required(found, "decisionId"), name, self._binding(found))

    def _call(self, node: etree._Element) -> CallDefinition:
        found = extension(node, "calledElement")
        if found is None:
            self.problems.error(node, "The call activity does not name a process. Add zeebe:calledElement with a processId.")
            return CallDefinition(Value(""), Binding())
        return CallDefinition(
            self.reading.required(found, "processId"),
            self._binding(found),
            self.reading.boolean(found, "propagateAllChildVariables", True),
            self.reading.boolean(found, "propagateAllParentVariables", True),
        )

    def _binding(self, found: etree._Element) -> Binding:
        kind, tag = found.get("bindingType") or "latest", found.get("versionTag")
        if kind not in {"latest", "deployment", "versionTag"}:
            self.problems.error(found, "The binding type {kind} does not exist. Use latest, deployment or versionTag.", kind=kind)
        if (kind == "versionTag") != bool(tag):
            self.problems.error(found, "A version tag is needed for, and only for, the binding type versionTag.")
        return Binding(str(kind), tag)

    def _counted(self, node: etree._Element) -> Expression | None:
        """A number of instances is the list from 1 to that number."""
        text = (node.text or "").strip()
        if not text.startswith("=") and not text.isdecimal():
            self.problems.error(
                node, "The loopCardinality must be a whole number or FEEL after an equals sign, not {text}.", text=text
            )
            return None
        number = text.removeprefix("=")
        return self.reading.expression(
            node,
            f"=if ({number}) > 0 then for i in 1..({number}) return i else if ({number}) = 0 then [] else null",
            "loopCardinality",
        )

    def _ad_hoc(self, node: etree._Element, spec: AdHocSubProcess) -> None:
        found = extension(node, "adHoc")
        if found is None:
            self.problems.error(
                node, "The ad-hoc sub-process does not say what begins. Add zeebe:adHoc with an activeElementsCollection."
            )
            return
        wanted = self.reading.expression(found, found.get("activeElementsCollection"), "activeElementsCollection")
        if wanted is not None:
            spec.active_elements = wanted
        condition = node.find(bpmn("completionCondition"))
        if condition is not None:
            spec.completion_condition = self.reading.expression(condition, condition.text, "completionCondition")
        spec.cancels_remaining = self.reading.boolean(node, "cancelRemainingInstances", True)

    def standard_loop(self, node: etree._Element) -> StandardLoopDefinition | None:
        """The loop marker, if there is one."""
        marker = node.find(bpmn("standardLoopCharacteristics"))
        if marker is None:
            return None
        if node.find(bpmn("multiInstanceLoopCharacteristics")) is not None:
            self.problems.error(node, "An activity has one marker, a loop or multi-instance. Keep one.")
        condition, maximum = marker.find(bpmn("loopCondition")), (marker.get("loopMaximum") or "").strip()
        if condition is None and not maximum:
            self.problems.error(marker, "The loop never ends. Give it a loopCondition or a loopMaximum.")
        if maximum and not (maximum.isdecimal() and int(maximum) > 0):
            self.problems.error(marker, "The loopMaximum must be a whole number above zero, not {text}.", text=maximum)
            maximum = ""
        return StandardLoopDefinition(
            test_before=self.reading.boolean(marker, "testBefore", False),
            condition=None if condition is None else self.reading.expression(condition, condition.text, "loopCondition"),
            maximum=int(maximum) if maximum else None,
        )

    def loop(self, node: etree._Element) -> LoopDefinition | None:
        """The multi-instance marker, if there is one."""
        marker = node.find(bpmn("multiInstanceLoopCharacteristics"))
        if marker is None:
            return None
        found, count = extension(marker, "loopCharacteristics"), marker.find(bpmn("loopCardinality"))
        if found is None and count is None:
            self.problems.error(
                marker, "The multi-instance marker has no items. Add zeebe:loopCharacteristics with an inputCollection."
            )
            return None
        read = self.reading
        found = etree.Element("none") if found is None else found
        if count is None:
            collection = read.expression(found, found.get("inputCollection"), "inputCollection")
        else:
            collection = self._counted(count)
            if found.get("inputCollection"):
                self.problems.error(
                    marker, "The number of instances is said twice. Keep the inputCollection or the loopCardinality."
                )
        output = found.get("outputElement")
        if bool(output) != bool(found.get("outputCollection")):
            self.problems.error(found, "outputCollection and outputElement belong together. Fill in both, or neither.")
        condition = marker.find(bpmn("completionCondition"))
        if collection is None:
            return None
        return LoopDefinition(
            sequential=read.boolean(marker, "isSequential", False),
            input_collection=collection,
            input_element=read.optional_name(found, "inputElement"),
            output_collection=read.optional_name(found, "outputCollection"),
            output_element=read.expression(found, output, "outputElement") if output else None,
            completion_condition=None if condition is None else read.expression(condition, condition.text, "completionCondition"),
        )


def extension(node: etree._Element, name: str) -> etree._Element | None:
    """The extension element of that name standing on ``node``."""
    return node.find(f"{bpmn('extensionElements')}/{zeebe(name)}")


def _or(found: etree._Element | None, empty: etree._Element) -> etree._Element:
    return empty if found is None else found

"""Activities without a drawn order: a FEEL list says which begin, a condition says when it is enough."""

from __future__ import annotations

from collections import ChainMap
from typing import ClassVar

from engine.feel import Expression
from engine.spiff.runner import evaluate
from engine.spiff.runner.failures import StepFailed
from engine.spiff.runner.token import Token
from engine.spiff.runner.values import shown
from engine.spiff.specs.containers import SubProcess
from engine.spiff.specs.element import Element

KIND = "ad_hoc_error"


class AdHocSubProcess(SubProcess):
    """``activities``: what can be begun, by id."""

    element_type: ClassVar[str] = "adHocSubProcess"
    active_elements: Expression
    completion_condition: Expression | None = None
    cancels_remaining = True

    activities: dict[str, Element]

    def act(self, token: Token) -> None:
        if not token.memo.get("open"):
            self.listen(token)
            token.memo["open"] = True
        for name in self._wanted(token):
            self.activities[name].arrive(token)
        if token.is_empty:
            token.runner.finish(token)

    def _wanted(self, token: Token) -> list[str]:
        text = self.active_elements.text
        found = evaluate.as_variable(evaluate.feel(token, self.active_elements, KIND), f"={text}", KIND)
        if not isinstance(found, list) or not all(isinstance(name, str) and name in self.activities for name in found):
            known = ", ".join(sorted(self.activities))
            raise StepFailed(
                KIND,
                f"The elements to begin ={text} give {shown(found)}. They must be a list of ids of what stands inside: {known}.",
            )
        return found

    def child_finishes(self, scope: Token, child: Token) -> None:
        if self.completion_condition is not None and not scope.memo.get("enough"):
            scope.memo["enough"] = self._enough(child, self.completion_condition)

    def child_left(self, scope: Token) -> None:
        if scope.memo.get("enough") and self.cancels_remaining:
            scope.runner.terminate_inside(scope, f"completion condition of {self.bpmn_id}")
        super().child_left(scope)

    def finish(self, token: Token) -> None:
        """Nothing is active inside. It is not over while the condition says that something is missing."""
        condition = self.completion_condition
        over = condition is None or token.memo.get("enough") or token.memo.get("interrupted")
        if not over and condition is not None and not self._enough(token, condition):
            raise StepFailed(
                KIND,
                f"Nothing is active in {self.bpmn_id}, but its completion condition ={condition.text} is not true. "
                "Change the variables it reads and retry, or begin another element by hand.",
            )
        super().finish(token)

    def _enough(self, place: Token, condition: Expression) -> bool:
        holds, _ = evaluate.condition(place, condition, ChainMap(place.result, dict(place.visible())))
        return holds

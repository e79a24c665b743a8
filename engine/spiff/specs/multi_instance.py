"""Multi-instance: one body that counts, one inner token per item."""

from __future__ import annotations

from collections import ChainMap
from typing import Any

from engine.spiff.definitions import LoopDefinition
from engine.spiff.runner import evaluate
from engine.spiff.runner.failures import StepFailed
from engine.spiff.runner.token import Token
from engine.spiff.runner.values import shown, stored
from engine.spiff.specs.body import Body

KIND = "io_mapping_error"


class MultiInstanceBody(Body):
    """One run for each item. ``memo``: total, next (index), completed, outputs, and items when sequential."""

    loop: LoopDefinition

    def act(self, token: Token) -> None:
        found = evaluate.feel(token, self.loop.input_collection, KIND)
        items = evaluate.as_variable(found, f"={self.loop.input_collection.text}", KIND)
        if not isinstance(items, list):
            text = self.loop.input_collection.text
            raise StepFailed(KIND, f"The input collection ={text} of {self.bpmn_id} gives {shown(items)}. It must give a list.")
        token.memo.update(total=len(items), next=0, completed=0, outputs=[None] * len(items))
        if not items:
            token.runner.finish(token, self._gathered(token))
        elif self.loop.sequential:
            token.memo["items"] = items
            self._begin(token, items[0])
        else:
            for item in items:
                self._begin(token, item)

    def _begin(self, body: Token, item: Any) -> None:
        index = body.memo["next"]
        body.memo["next"] = index + 1
        local: dict[str, Any] = {"loopCounter": index + 1}
        if self.loop.input_element is not None:
            local[self.loop.input_element] = stored(item)
        body.runner.create(self.inner, body, variables=local, memo={"index": index})

    def child_finishes(self, scope: Token, child: Token) -> None:
        """Gather the child's output, then ask the completion condition, which sees the counters and what is gathered."""
        if "counted" not in child.memo:
            if self.loop.output_element is not None:
                context = ChainMap(child.result, dict(child.visible()))
                found = evaluate.feel(child, self.loop.output_element, KIND, context)
                scope.memo["outputs"][child.memo["index"]] = evaluate.as_variable(
                    found, f"={self.loop.output_element.text}", KIND
                )
            scope.memo["completed"] += 1
            child.memo["counted"] = True
        if self.loop.completion_condition is not None:
            context = ChainMap(self.counters(scope), self._gathered(scope), child.result, dict(child.visible()))
            scope.memo["enough"], _ = evaluate.condition(child, self.loop.completion_condition, context)

    def child_left(self, scope: Token) -> None:
        memo = scope.memo
        if memo.get("enough"):
            scope.runner.terminate_inside(scope, f"completion condition of {self.bpmn_id}")
        elif self.loop.sequential and memo["next"] < memo["total"]:
            self._begin(scope, memo["items"][memo["next"]])
        if scope.is_empty:
            scope.runner.finish(scope, self._gathered(scope))

    def counters(self, body: Token) -> dict[str, Any]:
        """As the BPMN specification names them; the child that just completed counts as completed."""
        memo = body.memo
        return {
            "numberOfInstances": memo["total"],
            "numberOfCompletedInstances": memo["completed"],
            "numberOfActiveInstances": memo["next"] - memo["completed"] - memo.get("terminated", 0),
            "numberOfTerminatedInstances": memo.get("terminated", 0),  # by hand: others end only when the body does
        }

    def _gathered(self, body: Token) -> dict[str, Any]:
        """A copy: the list in the memo goes on changing."""
        name = self.loop.output_collection
        return {} if name is None else {name: list(body.memo["outputs"])}

"""An activity that is done again as long as a condition holds."""

from __future__ import annotations

from collections import ChainMap

from engine.spiff.definitions import StandardLoopDefinition
from engine.spiff.runner import evaluate
from engine.spiff.runner.token import Token
from engine.spiff.specs.body import Body


class StandardLoopBody(Body):
    """``memo``: turns begun; again, what the condition gave after the last one."""

    loop: StandardLoopDefinition

    def act(self, token: Token) -> None:
        token.memo["turns"] = 0
        if self.loop.test_before and not self._goes_on(token, token, {}):
            token.runner.finish(token)
        else:
            self._begin(token)

    def _begin(self, body: Token) -> None:
        body.memo["turns"] += 1
        body.runner.create(self.inner, body, variables={"loopCounter": body.memo["turns"]})

    def child_finishes(self, scope: Token, child: Token) -> None:
        """Ask while the turn can still fail: an incident there repeats nothing that was done."""
        scope.memo["again"] = self._goes_on(scope, child, child.result)

    def child_left(self, scope: Token) -> None:
        if scope.memo.get("again"):
            scope.memo["again"] = False
            self._begin(scope)
        elif scope.is_empty:
            scope.runner.finish(scope)

    def _goes_on(self, body: Token, place: Token, result: dict[str, object]) -> bool:
        """The condition sees the values of the turn that ends (before the first one, ``loopCounter`` is 0)."""
        if self.loop.maximum is not None and body.memo["turns"] >= self.loop.maximum:
            return False
        if self.loop.condition is None:
            return True
        counter = {"loopCounter": body.memo["turns"]}
        holds, _ = evaluate.condition(place, self.loop.condition, ChainMap(counter, result, dict(place.visible())))
        return holds

"""What a replay says, in words: elements, rules and roles by the names the files give them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from flask_babel import gettext as _

from engine.comparing import diagrams, tables
from engine.comparing.things import Thing
from engine.sandbox import Project
from procurement.accounts.roles import ROLES
from procurement.studio.model import Files
from procurement.studio.replay.differing import SOMEBODY
from procurement.studio.replay.model import Outcome, Reason
from web.pages.services import services


class Names:
    """``files``: the draft's, then those in force; the first that knows an id names it."""

    def __init__(self, process_id: str, *files: Files) -> None:
        self._process, self._files = process_id, files

    @cached_property
    def _elements(self) -> Mapping[str, Thing]:
        found: dict[str, Thing] = {}
        for files in reversed(self._files):
            path = Project(files, services().studio.feel).diagrams.get(self._process)
            found |= (diagrams.read(files[path]) if path else None) or {}
        return found

    @cached_property
    def _tables(self) -> tuple[dict[str, str], dict[str, str]]:
        """Decision names, and rules as "第 3 行 小额", by id."""
        decisions: dict[str, str] = {}
        rules: dict[str, str] = {}
        for files in reversed(self._files):
            for path, content in files.items():
                model = tables.read(content) if path.endswith(".dmn") else None
                for owner, table in (model.tables if model else {}).items():
                    decisions[owner] = table.place
                    for number, rule in enumerate(table.rules.values(), 1):
                        rules[rule.id] = _("第 %(n)s 行 %(name)s", n=number, name=rule.name[:24]).strip()
        return decisions, rules

    def element(self, id_: str) -> str:
        found = self._elements.get(id_)
        return (found.name or id_) if found else id_

    def decision(self, id_: str) -> str:
        return self._tables[0].get(id_, id_)

    def rules(self, ids: str) -> str:
        return "、".join(self._tables[1].get(one, one) for one in ids.split(", "))

    def flow(self, id_: str) -> str:
        found = self._elements.get(id_)
        if found is None:
            return id_
        return found.name or self.element(found.properties.get(("to", ""), id_))

    def route(self, id_: str) -> str:
        """A flow by both its ends."""
        found = self._elements.get(id_)
        ends = [found.properties.get((word, ""), "") for word in ("from", "to")] if found else []
        return " → ".join(map(self.element, ends)) if all(ends) and ends else id_

    def role(self, groups: str) -> str:
        if groups == SOMEBODY:
            return _("指定的经办人")
        return "、".join(str(ROLES.get(one, one)) for one in groups.split(", "))

    def dimension(self, name: str) -> str:
        kind, _sign, id_ = name.partition(":")
        if kind == "decision":
            return _("按决策表“%(name)s”", name=self.decision(id_))
        return _("按判断“%(name)s”", name=self.element(id_)) if kind == "gateway" else _("按结果")

    def value(self, dimension: str, value: str) -> str:
        kind = dimension.partition(":")[0]
        if value == "-":
            return _("没有经过")
        if kind == "decision":
            return self.rules(value)
        return "、".join((self.flow if kind == "gateway" else self.element)(one) for one in value.split(", "))

    def reason(self, one: Reason) -> str:
        """One difference as a sentence."""
        name = self.element(one.id)
        if one.kind in {"rule", "same_result"}:
            words = _(
                "决策表“%(name)s”：%(before)s → %(after)s",
                name=self.decision(one.id),
                before=self.rules(one.before),
                after=self.rules(one.after),
            )
            return words if one.kind == "rule" else _("%(words)s（结果相同）", words=words)
        if one.kind == "new":
            return _("多了“%(name)s”", name=name)
        if one.kind == "omitted":
            return _("不再经过“%(name)s”", name=name)
        if one.kind == "end":
            return _(
                "结果：%(before)s → %(after)s",
                before=self.value("end", one.before or "-"),
                after=self.value("end", one.after or "-"),
            )
        if one.kind == "stands":
            return _("停在“%(name)s”", name="、".join(map(self.element, one.id.split(", "))))
        if one.kind == "people":
            return _(
                "“%(name)s”由 %(before)s 改为 %(after)s 办理", name=name, before=self.role(one.before), after=self.role(one.after)
            )
        return self._deadline(one, name)

    def _deadline(self, one: Reason, name: str) -> str:
        if not one.days:
            return _("“%(name)s”的期限：%(before)s → %(after)s", name=name, before=one.before, after=one.after)
        if one.days > 0:
            return _("“%(name)s”的期限推后 %(n)s 个工作日", name=name, n=one.days)
        return _("“%(name)s”的期限提前 %(n)s 个工作日", name=name, n=-one.days)

    def way(self, outcome: Outcome, dimension: str) -> tuple[str, str]:
        """Where the case went and would go, in one dimension."""
        return tuple(self.value(dimension, side.ways.get(dimension, "-")) for side in (outcome.before, outcome.after))  # type: ignore[return-value]  # two sides

    def why(self, outcome: Outcome) -> str:
        """Why a case could not be replayed."""
        return _(outcome.why).format(**outcome.params) if outcome.params else _(outcome.why)

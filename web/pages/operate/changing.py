"""A change of where a case stands: read from the form, told in words before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.errors import FieldError, InvalidInput
from engine.model import Activate, Change, ElementInstance, Move, Skip, Terminate
from engine.spiff import ProcessModel
from web.pages.operate.element_words import following
from web.pages.services import engine

MOVE, SKIP, TERMINATE, ACTIVATE = "move", "skip", "terminate", "activate"
ACTIONS = (
    (MOVE, _l("移到另一步"), _l("结束停着的这一步，从选定的一步接着办")),
    (SKIP, _l("跳过"), _l("不办就算办完，案件往下走")),
    (ACTIVATE, _l("另外开始一步"), _l("停着的都不动，再开始选定的一步")),
    (TERMINATE, _l("结束这一步"), _l("停着的这一步到此为止，后面什么也不跟着发生")),
)
FIELDS = ("action", "token", "target", "flow", "reason")


@dataclass(frozen=True)
class Wanted:
    """What the form asks for. ``token`` is the element the change begins at; None to start something beside it."""

    instance_key: int
    action: str
    token: ElementInstance | None
    target: str
    flow: str
    reason: str

    @property
    def change(self) -> Change:
        if self.token is None or self.action == ACTIVATE:
            return Activate(self.target)
        if self.action == MOVE:
            return Move(self.token.key, self.target)
        return Skip(self.token.key, flow_id=self.flow or None) if self.action == SKIP else Terminate(self.token.key)


def read(form: Mapping[str, str], tokens: Mapping[int, ElementInstance], instance_key: int) -> Wanted:
    """Raises InvalidInput naming what is missing."""
    action, target, reason = form.get("action", ""), form.get("target", ""), form.get("reason", "").strip()
    token = tokens.get(int(form["token"])) if form.get("token", "").isdigit() else None
    errors = []
    if action not in {name for name, _label, _help in ACTIONS}:
        errors.append(FieldError("action", "Choose what to do."))
    if action in (MOVE, SKIP, TERMINATE) and token is None:
        errors.append(FieldError("token", "Choose the step the case stands at."))
    if action in (MOVE, ACTIVATE) and not target:
        errors.append(FieldError("target", "Choose the step to go on from."))
    if not reason:
        errors.append(FieldError("reason", "Say why: it is kept in the history of the case."))
    if errors:
        raise InvalidInput(fields=tuple(errors))
    flow = form.get("flow", "") if action == SKIP else ""
    return Wanted(token.instance_key if token and action != ACTIVATE else instance_key, action, token, target, flow, reason)


def in_words(wanted: Wanted, model: ProcessModel) -> list[str]:
    """What will happen, one sentence each."""
    told: list[str] = []
    if wanted.token is not None and wanted.action != ACTIVATE:
        name = wanted.token.name or wanted.token.element_id
        told.append(_("“%(name)s”不办就算办完。", name=name) if wanted.action == SKIP else _("“%(name)s”到此为止。", name=name))
        told += _ended(wanted.token)
    if wanted.action in (MOVE, ACTIVATE):
        told.append(_("“%(name)s”开始，照图上画的由该办的人办理。", name=_name(model, wanted.target)))
    elif wanted.action == SKIP and wanted.token is not None:
        onward = (
            [_name(model, model.flows[wanted.flow].target)]
            if wanted.flow in model.flows
            else following(model, wanted.token.element_id)
        )
        if onward:
            told.append(_("案件接着走到：%(names)s。", names="、".join(onward)))
    elif wanted.action == TERMINATE:
        told.append(_("后面不会因此开始任何一步；案件里别的步骤照常。"))
    return [*told, _("已经办结的事、登记簿里已有的记录和已经发出的通知都不撤销。"), _("您的姓名、时间和理由会写进案件的经过。")]


def _ended(token: ElementInstance) -> list[str]:
    """What ends with the token: open tasks and timers at it or inside it."""
    inside = {token.key, *engine().inside_element(token.key)}
    called = {
        key
        for one in engine().instances(root_key=token.root_key, limit=None)
        if one.parent_element_key in inside
        for key in engine().called_by(one.key)
    }
    tasks = [
        one.name for one in engine().tasks(root_key=token.root_key, limit=None) if one.key in inside or one.instance_key in called
    ]
    timers = [one for one in engine().timers(token.root_key) if one.element_key in inside or one.instance_key in called]
    told = [_("这些待办随之取消，没有提交的草稿作废：%(names)s。", names="、".join(tasks))] if tasks else []
    return told + ([_("%(n)s 个定时器随之取消。", n=len(timers))] if timers else [])


def _name(model: ProcessModel, element_id: str) -> str:
    element = model.elements.get(element_id)
    return element.name or element_id if element else element_id

"""合同: its text as printed, who signed it, milestones, supplements; beginning a supplement (政府采购法 第四十九条)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from web.auth.people import acting
from web.pages import command_ids
from web.pages.services import office

blueprint = Blueprint("contracts", __name__, url_prefix="/contracts")
CLAUSES = {
    "time": _l("服务时间"),
    "scope": _l("服务范围"),
    "content": _l("服务内容"),
    "requirements": _l("服务要求"),
    "payment": _l("资金支付"),
    "liability": _l("违约责任"),
}
PARTIES = {"street": _l("街道"), "organisation": _l("承接主体")}
REFUSALS = {"refused": _l("拒签"), "overdue": _l("逾期未签")}


@blueprint.get("/<contract>")
def show(contract: str) -> str:
    card = office().contracts.card(contract, actor=acting())
    return render_template(
        "contracts/show.html",
        card=card,
        clause_names=CLAUSES,
        party_names=PARTIES,
        refusal_names=REFUSALS,
        may_supplement=office().contracts.may_supplement(card.contract, actor=acting()),
        command_id=uuid.uuid4().hex,
    )


@blueprint.post("/<contract>/supplement")
def supplement(contract: str) -> Response:
    office().contracts.supplement(contract, actor=acting(), command_id=command_ids.sent())
    flash(_("补充合同已开始，请在收件箱办理“起草补充合同”。"), "ok")
    return redirect(url_for("contracts.show", contract=contract), 303)

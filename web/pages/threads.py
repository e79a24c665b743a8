"""办事线索: one purchase from the residents' topic to their satisfaction, to be followed both ways; and what became of a topic."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from procurement.threads import DEMAND, MILESTONE, OBJECTIVE, SATISFACTION, SCORE_ITEM, TOPIC
from web.auth.people import acting
from web.pages.services import office

blueprint = Blueprint("threads", __name__)
LINKING = "thread_linking"  # the process that ties the objectives


@blueprint.get("/purchases/<number>/thread")
def show(number: str) -> str:
    purchase, thread = office().threads.of_purchase(number, actor=acting())
    may_link = any(one.process_id == LINKING for one in office().matters.startable(acting(), "purchase"))
    return render_template(
        "purchases/thread.html", purchase=purchase, thread=thread, stages=stage_names(), linking=LINKING if may_link else ""
    )


def stage_names() -> dict[str, str]:
    return {
        TOPIC: _("居民议题"),
        DEMAND: _("采购需求"),
        OBJECTIVE: _("绩效目标"),
        SCORE_ITEM: _("评分项"),
        MILESTONE: _("里程碑"),
        SATISFACTION: _("满意度"),
    }

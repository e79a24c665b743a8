"""The thread of a purchase from its topic to the satisfaction of those it was for."""

from __future__ import annotations

from procurement.operations.descriptions.shape import PURCHASE, Described, gives

DESCRIBED = (
    Described(
        "thread.read",
        "取办事线索",
        "一个采购项目的绩效目标、评分项、里程碑和满意度题目，以及已经连起来的。只查不改。",
        inputs=(PURCHASE,),
        outputs=(
            gives("objectives", "list", "绩效目标的名称"),
            gives("score_items", "list", "评分项的名称"),
            gives("milestones", "list", "里程碑的名称"),
            gives("questions", "list", "满意度题目"),
            gives(
                "links",
                "list",
                "每个目标连着什么",
                gives("objective", "string", "绩效目标"),
                gives("score_items", "list", "评分项"),
                gives("milestones", "list", "里程碑"),
                gives("questions", "list", "满意度题目"),
            ),
        ),
        article="《办法》第四条(三)(四)",
        changes=False,
    ),
)

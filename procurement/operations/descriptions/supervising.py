"""Matters: supervision processes with a number of their own."""

from __future__ import annotations

from procurement.operations.descriptions.shape import Described, gives, may

DESCRIBED = (
    Described(
        "matter.open",
        "登记事项",
        "给由日历或消息开始的监督流程一个事项编号；由人发起的已经有编号，只更新标题和对象。",
        inputs=(
            may("title", "string", "标题；由人发起的不写时保留原来的，由日历或消息开始的必须写"),
            may("prefix", "string", "编号的字头；不写时为 SX"),
            may("purchase_id", "string", "哪个采购项目"),
            may("contract_id", "string", "哪份合同"),
            may("organisation_id", "string", "哪个社会组织；它能看到这件事项"),
            may("agency_id", "string", "哪个第三方支持机构；它能看到这件事项"),
            may(
                "seen_by",
                "list",
                "办理期间谁能知道有这件事项：角色、主体或部门；空的表示不保密；不写时不变。发起人、办理人总能看到，办结以后照常公开",
            ),
        ),
        outputs=(gives("matter", "string", "事项编号"),),
    ),
    Described(
        "matter.close",
        "登记事项办结",
        "记下事项的结果和办结时间。",
        inputs=(may("result", "string", "结果的代码，由流程图定"), may("result_text", "string", "结果的说明")),
        outputs=(gives("closed_at", "date and time", "办结时间"),),
    ),
)

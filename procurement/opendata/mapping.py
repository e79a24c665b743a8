"""Where each field of our releases comes from, and from when on it is told: what docs/reference/ocds.md is made of.

A row stands for the field and everything below it. A test holds the table against real releases, in both directions.
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """``path`` in the release; ``source``: register or notice content; ``since``: the event that first tells it."""

    path: str
    source: str
    since: str


FIRST, NOTICE, CHANGE = "第一份公告", "比选公告", "更正、延期、答疑、终止公告"
LIST, OPENING, RESULT, AWARD = "收件清单公告", "开启记录公告", "结果公示", "结果公示、选定结果"
OBJECTION, APPEAL, SIGNED, TOLD, PAID, ENDED = (
    "异议作出答复",
    "投诉作出处理决定",
    "合同签订",
    "合同公告、验收公告、终止公告",
    "付款登记",
    "合同结束",
)

MAPPING: tuple[Field, ...] = (
    Field("ocid", "前缀（BIXUAN_OCID_PREFIX）＋项目编号", FIRST),
    Field("id", "ocid＋三位序号", FIRST),
    Field("date", "事件发生的时间；不早于前一条", FIRST),
    Field("tag", "由事件决定", FIRST),
    Field("initiationType", "固定为 tender", FIRST),
    Field("language", "固定为 zh", FIRST),
    Field("buyer", "街道办事处（BIXUAN_OFFICE_NAME、BIXUAN_OFFICE_CODE）", FIRST),
    Field("parties", "街道、发起单位、支持机构、公告点名的组织；编号是统一社会信用代码（CN-USCI）", "各自第一次出现的公告"),
    Field("planning/budget", "采购项目：预算科目、批准的金额、类别、名称、编号", FIRST),
    Field("planning/rationale", "采购项目：服务对象、人数", FIRST),
    Field("relatedProcesses", "后续需求：由哪个项目提出", FIRST),
    Field("tender/id", "项目编号", FIRST),
    Field("tender/title", "采购项目：名称", FIRST),
    Field("tender/status", "比选公告 active，终止 cancelled，有结果 complete", NOTICE),
    Field("tender/description", "公告：项目要求", NOTICE),
    Field("tender/value", "公告：预算", NOTICE),
    Field("tender/items", "采购项目：指导性目录的编码和名称", FIRST),
    Field("tender/mainProcurementCategory", "固定为 services", FIRST),
    Field("tender/procuringEntity", "公开比选是第三方支持机构，其他是街道", FIRST),
    Field("tender/procurementMethod", "公开比选、公开招标 open，邀请招标 selective，单一来源 direct，其他 limited", FIRST),
    Field("tender/procurementMethodDetails", "采购方式的中文名", FIRST),
    Field("tender/route", "采购项目：采购路线（扩展 route）", FIRST),
    Field("tender/eligibilityCriteria", "公告：申请人条件", NOTICE),
    Field("tender/awardCriteria", "固定为 ratedCriteria", NOTICE),
    Field("tender/scoreSheet", "公告：评分标准（扩展 scores）", NOTICE),
    Field("tender/submissionMethod", "固定为 electronicSubmission", NOTICE),
    Field("tender/applicationPeriod", "公告：报名截止（扩展 route）", NOTICE),
    Field("tender/tenderPeriod", "公告：发布、递交截止", NOTICE),
    Field("tender/hasEnquiries", "有答疑公告", CHANGE),
    Field("tender/amendments", "更正、延期、终止公告：编号、时间、理由", CHANGE),
    Field("tender/documents", "每份公告的网页", NOTICE),
    Field("tender/receivedBids", "收件清单：收件号、时间、SHA-256（扩展 sealed_bids）", LIST),
    Field("tender/numberOfTenderers", "收件清单的份数；结果公示后是排序里的家数", LIST),
    Field("tender/bidOpening", "开启记录公告（扩展 sealed_bids）", OPENING),
    Field("tender/tenderers", "结果公示：排序里的组织", RESULT),
    Field("awards/id", "结果公示的公告编号；没有公示的是选定结果的公告编号", AWARD),
    Field("awards/title", "采购项目：名称", AWARD),
    Field("awards/description", "公示内容或选定理由", AWARD),
    Field("awards/status", "公示中 pending，选定 active，被推翻 cancelled", AWARD),
    Field("awards/date", "公告发布时间", AWARD),
    Field("awards/value", "公告：金额", AWARD),
    Field("awards/suppliers", "公告：承接主体", AWARD),
    Field("awards/panel", "公告：评审专家姓名、单位（扩展 panel）", AWARD),
    Field("awards/ranking", "公告：名次、得分、报价（扩展 scores）", AWARD),
    Field("awards/publicityPeriod", "公示的起止和工作日数（扩展 publicity）", RESULT),
    Field("awards/documents", "公告的网页", AWARD),
    Field("objections", "异议：收到和答复的时间、对什么、结果、答复；隐去提出的人（扩展 objections）", OBJECTION),
    Field(
        "appeals", "投诉：收到、受理和处理的时间、所对的异议、暂停的起止、结果、处理决定；隐去提出的人（扩展 objections）", APPEAL
    ),
    Field("contracts/id", "合同编号", SIGNED),
    Field("contracts/awardID", "所依据的 award", SIGNED),
    Field("contracts/title", "采购项目：名称", SIGNED),
    Field("contracts/status", "签订 active，履行完毕或终止 terminated", SIGNED),
    Field("contracts/period", "合同：开始、结束", SIGNED),
    Field("contracts/value", "合同：金额", SIGNED),
    Field("contracts/dateSigned", "合同：签订日期", SIGNED),
    Field("contracts/milestones", "里程碑：名称、应完成日期；付款后为 met", SIGNED),
    Field("contracts/amendments", "补充合同：编号、签订日期、理由", "补充合同签订"),
    Field("contracts/documents", "合同公告的网页", TOLD),
    Field("contracts/implementation/documents", "验收公告的网页", TOLD),
    Field("contracts/implementation/transactions", "付款：日期、金额、付款人、收款人", PAID),
)

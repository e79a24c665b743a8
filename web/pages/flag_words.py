"""Red flags in words: sorts, moments, sorts of evidence, verdicts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KINDS = {
    "same_file": _l("同一个文件"),
    "same_author": _l("同一作者"),
    "same_device": _l("同一台电脑"),
    "same_contact": _l("同一联系方式"),
    "identical_prices": _l("报价相同"),
    "patterned_prices": _l("报价有规律"),
    "clustered_prices": _l("报价过于接近"),
    "splitting": _l("疑似化整为零"),
    "just_below_limit": _l("金额贴着限额"),
    "repeated_winner": _l("一再选中同一家"),
    "short_period": _l("公告期短"),
    "single_bid": _l("只有一家递交"),
}
EXPLAINED = {
    "same_file": _l("几家的参选文件里有逐字节相同的文件。可能只是同一份公开模板，请打开对照。"),
    "same_author": _l("几家的文件由同一人编写或最后修改。也可能是同一位代书人，或电脑名恰好相同。"),
    "same_device": _l("几家从同一地址、同一种浏览器递交。同在一栋楼共用网络也会这样。"),
    "same_contact": _l("几家报名时留的人、电话或地址相同。"),
    "identical_prices": _l("几家的报价一分不差。按同一份政府指导价报价时属正常。"),
    "patterned_prices": _l("三家以上的报价等差或等比排列。"),
    "clustered_prices": _l("三家以上的报价挤在很窄的一段里。"),
    "splitting": _l("同一年度、同一目录项的几个项目各自不超过限额，合计超过。预算调整、确属不同需要的，请写明。"),
    "just_below_limit": _l("金额紧贴在限额以下。"),
    "repeated_winner": _l("同一单位近来一再选定同一家。只有这一家能做时，请写明市场情况。"),
    "short_period": _l("公告到截止的工作日很少，或中间夹着长假，来不及准备。"),
    "single_bid": _l("递交的参选文件太少，没有可比。"),
}
STAGES = {
    "need": _l("立项"),
    "notice": _l("公告"),
    "applications": _l("报名"),
    "bids": _l("开启"),
    "award": _l("中选"),
}
EVIDENCE = {
    "sha256": _l("文件校验值"),
    "file": _l("文件"),
    "author": _l("文件：作者"),
    "device": _l("地址和浏览器"),
    "sent_from": _l("递交地址"),
    "contact": _l("联系人"),
    "phone": _l("电话"),
    "address": _l("地址"),
    "legal_representative": _l("法定代表人"),
    "price": _l("报价（元）"),
    "equal_gaps": _l("相邻报价相差（元）"),
    "equal_ratios": _l("相邻报价之比"),
    "spread": _l("最高价高出最低价的比例"),
    "limit": _l("限额（元）"),
    "total": _l("合计（元）"),
    "amount": _l("金额（元）"),
    "purchase": _l("项目金额（元）"),
    "won": _l("选中次数 / 全部"),
    "award": _l("选中的日期和金额（元）"),
    "period": _l("公告到截止"),
    "working_days": _l("其中工作日"),
    "days_off": _l("放假天数 / 全部天数"),
    "bid": _l("参选人"),
}
LIMITS = {"small_limit": _l("小额与公开比选的分界"), "statutory_limit": _l("采购限额标准")}
STATES = {
    "open": _l("待看"),
    "false_alarm": _l("误报"),
    "explained": _l("已说明"),
    "followed_up": _l("跟进中"),
    "referred": _l("已移送"),
}
STATE_KINDS = {"open": "warn", "followed_up": "info", "referred": "bad", "false_alarm": "", "explained": "ok"}
VERDICTS = {
    "false_alarm": _l("误报：没有这回事"),
    "explained": _l("属实，但有正当原因"),
    "followed_up": _l("要继续查"),
    "referred": _l("移送有权机关"),
}

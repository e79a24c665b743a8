"""The street office itself: what is bought, by whom, and how far it has come when a scenario begins."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pytest_bdd import given, when

from features.steps.scene import Scene
from features.steps.words import SOURCES, Table, moment, money, pairs, said
from tests.support.purchases import ORDINARY, StreetOffice

UNITS = {
    "养老服务科": "ylfw",
    "社会事务办": "shsw",
    "党政办": "dzb",
    "司法所": "sfs",
    "文化站": "whz",
    "综合执法办": "zhzf",
    "晚晴社区": "wqsq",
    "和平社区": "hpsq",
    "梧桐社区": "wtsq",
}


def _fact(office: StreetOffice, label: str, words: str) -> dict[str, Any]:
    match label:
        case "发起单位":
            return {"by": UNITS[words]}
        case "金额" | "估算金额":
            return {"estimate": money(words)}
        case "需求来源":
            return {"source": SOURCES[words]}
        case "社区":
            return {"community": words}
        case "阶段性项目":
            return {"staged": words == "是", "months": 3 if words == "是" else 12}
        case "周期":
            return {"months": int(words.removesuffix("个月"))}
        case "报名组织":
            return {"bidders": [office.organisation_id(name) for name in words.split("、")]}
        case "预算项目":
            return {"budget": next(b.code for b in office.office.planning.budgets(2026) if b.name == words)}
        case "目录":
            return {"code": next(i.code for i in office.office.planning.catalogue() if i.name == words)}
        case "服务内容":
            return {"title": words}
        case "专家领域":
            return {
                "field": {"养老服务": "elderly", "社会工作": "social_work", "助残服务": "disability", "绩效评价": "evaluation"}[
                    words
                ]
            }
        case "开始日期":
            return {"on": words}
    raise AssertionError(f"不知道“{label}”是什么")


def set_facts(office: StreetOffice, table: Table) -> None:
    for label, words in pairs(table).items():
        office.situation.facts |= _fact(office, label, words)
    if on := office.situation.facts.pop("on", None):
        office.clock.moment = moment(on)


# places most purchases pass, so that a scenario beginning further on can go on from there
BEFORE = {
    "递交参选文件": "受理报名",
    "家数不足的处理": "受理报名",
    "提出比选现场方案": "递交参选文件",
    "独立评分": "递交参选文件",
    "拟定结果公示": "独立评分",
    "公示": "拟定结果公示",
    "批准合同": "起草合同",
    "签订合同": "起草合同",
    "提交实施方案": "起草合同",
    "批准实施方案": "起草合同",
    "履行合同": "起草合同",
    "项目实地监测": "履行合同",
    "末期时点": "履行合同",
    "满意度调查": "末期时点",
    "提出后续需求": "满意度调查",
    "接收卷宗": "提出后续需求",
}


def way_to(until: str) -> list[str]:
    """The places a purchase is kept at on its way."""
    way = [until]
    while way[0] in BEFORE:
        way.insert(0, BEFORE[way[0]])
    return way


def reach(scene: Scene, amount: str, until: str, table: Table = ()) -> None:
    """A purchase that went its usual way until ``until``."""

    def start(office: StreetOffice) -> None:
        office.situation.facts |= {"estimate": money(amount)}
        set_facts(office, table)
        office.start()

    def go_on(place: str) -> Callable[[StreetOffice], None]:
        return lambda office: office.go_on(place)

    facts = f"{amount} {table}"
    stages: list[tuple[str, Callable[[StreetOffice], None]]] = [(facts, start)]
    if until:
        stages += [(f"{facts} {place}", go_on(place)) for place in way_to(until)]
    scene.begin(stages)


@given(said("{unit}提出采购“{title}”，估算 {amount} 元"))
def proposed(scene: Scene, unit: str, title: str, amount: str) -> None:
    reach(scene, amount, "", [["发起单位", unit], ["服务内容", title]])


@given(said("{unit}提出采购“{title}”，估算 {amount} 元："))
def proposed_with(scene: Scene, unit: str, title: str, amount: str, datatable: Table) -> None:
    reach(scene, amount, "", [["发起单位", unit], ["服务内容", title], *datatable])


@given(said("一个 {amount} 元的采购办到“{until}”"))
def reached(scene: Scene, amount: str, until: str) -> None:
    reach(scene, amount, until)


@given(said("一个 {amount} 元的采购办到“{until}”："))
def reached_with(scene: Scene, amount: str, until: str, datatable: Table) -> None:
    reach(scene, amount, until, datatable)


@given(said("预算“{name}”还能用 {amount} 元"))
@when(said("预算“{name}”只剩 {amount} 元"))
def budget_left(scene: Scene, name: str, amount: str) -> None:
    planning = scene.office.office.planning
    budget = next(b for b in planning.budgets(2026) if b.name == name)
    bound = budget.reserved + budget.committed
    planning.save_budget(budget.code, {"total": bound + money(amount)}, actor=scene.office.person("管理员"))


@given(said("再有一个 {amount} 元的同类采购办到“{until}”"))
@when(said("再提出一个 {amount} 元的同类采购，办到“{until}”"))
def another(scene: Scene, amount: str, until: str) -> None:
    scene.notes["first"] = scene.office.situation.purchase_id
    scene.office.situation.facts |= {"estimate": money(amount)}
    scene.office.start()
    scene.office.go_on(until)


@when(said("又有一个 {amount} 元的同类采购先批准了"))
def overtaken(scene: Scene, amount: str) -> None:
    office = scene.office
    mine, estimate = office.situation.purchase_id, office.situation.facts["estimate"]
    office.situation.facts |= {"estimate": money(amount)}
    office.start()
    office.go_on("召集会议" if money(amount) <= Decimal(50000) else "提出比选要求")
    office.situation.purchase_id = office.situation.facts["id"] = mine
    office.situation.facts |= {"estimate": estimate}


@given("街道还没有任何采购")
def nothing_yet(scene: Scene) -> None:
    assert scene.office.office.purchases.search().total == 0
    assert scene.facts["title"] == ORDINARY["title"]


@when(said("其余照常办理，直到“{until}”"))
def go_on(scene: Scene, until: str) -> None:
    scene.office.go_on(until)


@when("其余照常办理，直到归档")
def go_on_to_the_end(scene: Scene) -> None:
    scene.office.go_on()


@when("其余照常办理，直到结束")
def go_on_to_an_end(scene: Scene) -> None:
    scene.office.go_on()

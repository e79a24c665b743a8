"""The finance office and who plans the money."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import when

from features.steps.desk import hand_in
from features.steps.scene import Scene
from features.steps.words import money, said


@when(said("{who}编制预算，合计 {amount} 元，其中工资 {wages} 元"))
def budgets(scene: Scene, who: str, amount: str, wages: str) -> None:
    lines = [{"项目": "专业社工工资", "测算依据": "按岗位", "金额": wages, "工资性支出": "是"}]
    if rest := money(amount) - money(wages):
        lines.append({"项目": "活动与物料", "测算依据": "按场次", "金额": str(rest), "工资性支出": ""})
    hand_in(scene, who, "编制预算", {}, {"预算明细": lines})


@when(said("{who}编制预算，合计 {amount} 元"))
def budgets_as_usual(scene: Scene, who: str, amount: str) -> None:
    scene.facts["estimate"] = Decimal(money(amount))
    hand_in(scene, who, "编制预算", {})


@when(said("{who}认定“{finding}”，理由是“{reason}”"))
def finds(scene: Scene, who: str, finding: str, reason: str) -> None:
    hand_in(scene, who, "审查资金", {"认定": finding, "认定理由": reason})


@when(said("{who}申请付款 {amount} 元，扣减理由是“{reason}”"))
def asks_for_less(scene: Scene, who: str, amount: str, reason: str) -> None:
    written = {"申请付款金额": amount, "扣减理由": reason}
    hand_in(scene, who, "申请付款", written, {"按用途分开": [{"用途": "专业社工工资", "金额": amount}]})


@when(said("{who}支付余款，扣减 {amount} 元，依据是“{reason}”"))
def pays_less(scene: Scene, who: str, amount: str, reason: str) -> None:
    office = scene.office
    actor = office.person(who)
    balance = office.engine.task_form(office.task("支付余款", actor).key, actor=actor).context["balance"]
    paid = str(balance - money(amount))
    written = {"本次支付": paid, "按合同扣减": amount, "扣减依据": reason}
    hand_in(scene, who, "支付余款", written, {"按用途分开": [{"用途": "专业社工工资", "金额": paid}]})

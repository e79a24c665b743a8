"""What process designers are told while they draw."""

from __future__ import annotations

from pytest_bdd import then, when

from features.steps.designer import Desk
from features.steps.scene import Scene, filled
from features.steps.words import said
from procurement.studio.checks import Problem

DIAGRAM = "processes/result_publicity/result_publicity.bpmn"
WITHDRAWN = """<zeebe:input source="=result_notice_id" target="notice_id"/>
          <zeebe:input source="=if confirm_result_reason"""
CHANGES = {  # what a designer draws, as the file has it before and after
    "采购经办既拟定又审核结果公示": [
        ('candidateGroups="street_leader"', 'candidateGroups="procurement_officer"'),
        ("candidateGroups='=[\"agency:\" + agency_id]'", 'candidateGroups="procurement_officer"'),
    ],
    "公示期写成固定三个工作日": [("working days after(today(), publicity_number)", "working days after(today(), 3)")],
    "公示结果改发成一般的结果公告": [('source="result_publicity" target="kind"', 'source="result" target="kind"')],
    "撤下公示时把公示编号写错一个字母": [(WITHDRAWN, WITHDRAWN.replace("notice_id", "notise_id", 1))],
    "审核结果公示不写由谁办": [('<zeebe:assignmentDefinition candidateGroups="street_leader"/>', "")],
    "撤下公示改名为撤下结果公示": [("撤下公示", "撤下结果公示")],
}
SAYS = {"提醒": "warning", "提示": "hint", "错误": "error"}


def problems(desk: Desk) -> list[Problem]:
    """Those that count, of the draft as it is."""
    drafts = desk.studio.drafts
    changed = {one.path for one in drafts.files(desk.draft) if one.is_changed}
    found = desk.studio.checks.problems(drafts.workspace(desk.draft), changed, folder=drafts.draft(desk.draft).folder)
    return [one for one in found if one.counts]


def sentence(problem: Problem) -> str:
    return filled(problem.finding.template, dict(problem.finding.params))


def label(desk: Desk, problem: Problem) -> str:
    """What the element is called in the drawing."""
    finding = problem.finding
    world = desk.studio.checks.world(desk.studio.drafts.workspace(desk.draft))
    root = world.reads[finding.file].root
    nodes = root.iter() if root is not None else ()
    return next((str(node.get("name")) for node in nodes if node.get("id") == finding.element), finding.element)


@when(said("{who}改图：{what}"))
def change(scene: Scene, desk: Desk, who: str, what: str) -> None:
    drafts = desk.studio.drafts
    text = drafts.content(desk.draft, DIAGRAM).decode()
    for before, after in CHANGES[what]:
        assert before in text, f"图里没有“{before}”"
        text = text.replace(before, after)
    base = drafts.file(desk.draft, DIAGRAM).sha256
    drafts.save(desk.draft, DIAGRAM, text.encode(), base=base, actor=scene.office.person(who))


@when(said("{who}停用“{element}”的提醒，理由“{reason}”"))
def silence(scene: Scene, desk: Desk, who: str, element: str, reason: str) -> None:
    found = [one.finding for one in problems(desk) if label(desk, one) == element]
    assert found, f"“{element}”没有提醒"

    def each() -> None:
        for one in found:
            place = (one.rule, one.file, one.element, one.cell or "")
            desk.studio.checks.silence(desk.draft, place, reason, actor=scene.office.person(who))

    scene.attempt(each)


@then("没有发现问题")
def nothing(desk: Desk) -> None:
    assert [sentence(one) for one in problems(desk)] == []


@then(said("“{element}”有{severity}“{text}”"))
def is_told(desk: Desk, element: str, severity: str, text: str) -> None:
    found = [(label(desk, one), one.severity, sentence(one)) for one in problems(desk)]
    assert any(name == element and level == SAYS[severity] and text in told for name, level, told in found), found


@then(said("停用被拒绝：“{text}”"))
def refused(scene: Scene, text: str) -> None:
    refusal = scene.refusal()
    fields = [filled(one.template, one.params) for one in getattr(refusal, "fields", ())]
    assert any(text in one for one in [scene.sentence(refusal), *fields])


@then(said("停用记录里有{who}写的“{reason}”"))
def is_kept(scene: Scene, desk: Desk, who: str, reason: str) -> None:
    folder = desk.studio.drafts.draft(desk.draft).folder
    kept = desk.studio.drafts.content(desk.draft, f"processes/{folder}/silenced.yaml").decode()
    assert reason in kept
    assert scene.office.person(who).user_id in kept

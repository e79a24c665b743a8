"""An example of every rule: a drawing in which it is found, and the same drawing mended. A test runs all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.checks import Files, InForce

DIAGRAM = "processes/example/example.bpmn"
TABLE = "processes/example/example.dmn"
FORM = "forms/example/review_demand.form"
CALLER = "processes/calling/calling.bpmn"
CASE = "processes/example/cases/example.yaml"
RULES = "processes/rules/office_rules.dmn"
LEGAL = "processes/rules/legal_periods.dmn"
NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
DMN = 'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"'
HERE = "@@"


@dataclass(frozen=True)
class Example:
    """``bad`` and ``good`` take the place of ``@@`` in the file ``at``; ``told`` says in Chinese what is wrong.

    ``before`` stood there in the version in force, where the rule compares with it.
    """

    told: str
    bad: str
    good: str
    frame: str
    at: str = DIAGRAM
    element: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)
    before: str = ""

    @property
    def in_force(self) -> InForce:
        return InForce(self.files(self.before)) if self.before else InForce()

    def files(self, part: str) -> Files:
        found = {self.at: self.frame.replace(HERE, part), **self.beside}
        return {path: text.encode("utf-8") for path, text in found.items()}


def diagram(inside: str, picture: str = "", id_: str = "example", after: str = "") -> str:
    return (
        f'<bpmn:definitions {NAMESPACES} id="definitions" targetNamespace="urn:example">\n'
        f'<bpmn:process id="{id_}" name="举例" isExecutable="true">\n{inside}\n</bpmn:process>\n{after}{picture}\n</bpmn:definitions>\n'
    )


def flows(*chains: str) -> str:
    """``"a b c"``: a flow from a to b and one from b to c."""
    pairs = [pair for chain in chains for pair in zip(chain.split(), chain.split()[1:], strict=False)]
    return "\n".join(f'<bpmn:sequenceFlow id="{one}_to_{other}" sourceRef="{one}" targetRef="{other}"/>' for one, other in pairs)


def inputs(**targets: str) -> str:
    return "".join(f'<zeebe:input source="{source}" target="{name}"/>' for name, source in targets.items())


def user(id_: str, who: str = 'candidateGroups="street_leader"', form: str = "", note: str = "办法第九条(一)。") -> str:
    shown = f'<zeebe:formDefinition formId="{form}"/>' if form else ""
    people = f"<zeebe:assignmentDefinition {who}/>" if who else ""
    return (
        f'<bpmn:userTask id="{id_}" name="审核"><bpmn:documentation>{note}</bpmn:documentation>'
        f"<bpmn:extensionElements><zeebe:userTask/>{shown}{people}</bpmn:extensionElements></bpmn:userTask>"
    )


def service(id_: str, kind: str, mapping: str = "", name: str = "办理") -> str:
    return (
        f'<bpmn:serviceTask id="{id_}" name="{name}"><bpmn:extensionElements><zeebe:taskDefinition type="{kind}"/>'
        f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping></bpmn:extensionElements></bpmn:serviceTask>"
    )


def script(expression: str, result: str = "summary") -> str:
    return (
        f'<bpmn:scriptTask id="record_summary" name="汇总"><bpmn:extensionElements><zeebe:script expression="{expression}" '
        f'resultVariable="{result}"/></bpmn:extensionElements></bpmn:scriptTask>'
    )


def table(rows: str, policy: str = "UNIQUE", allowed: str = "") -> str:
    limits = f"<inputValues><text>{allowed}</text></inputValues>" if allowed else ""
    return (
        f'<definitions {DMN} id="example_model" name="举例" namespace="urn:example"><decision id="example" name="办理方式">'
        f'<variable id="example_variable" name="example"/><decisionTable id="example_table" hitPolicy="{policy}">'
        f'<input id="example_in" label="金额"><inputExpression id="example_in_text" typeRef="number"><text>amount</text>'
        f'</inputExpression>{limits}</input><output id="example_out" name="way" typeRef="string"/><annotation name="依据"/>\n{rows}\n'
        "</decisionTable></decision></definitions>\n"
    )


def row(n: int, test: str, answer: str, source: str = "办法第九条(二)") -> str:
    return (
        f'<rule id="row_{n}"><inputEntry id="row_{n}_in"><text>{test}</text></inputEntry><outputEntry id="row_{n}_out">'
        f'<text>"{answer}"</text></outputEntry><annotationEntry><text>{source}</text></annotationEntry></rule>'
    )


def form(*components: str, title: str = "审核需求") -> str:
    return (
        '{"type": "default", "schemaVersion": 19, "id": "review_demand", "title": "'
        + title
        + '", "components": [\n'
        + ",\n".join(components)
        + "\n]}\n"
    )


def choice(key: str, *values: str) -> str:
    options = ", ".join(f'{{"label": "{value}", "value": "{value}"}}' for value in values)
    return f'{{"type": "radio", "id": "field_{key}", "key": "{key}", "label": "意见", "values": [{options}]}}'


START = '<bpmn:startEvent id="example_started" name="开始"/>'
END = '<bpmn:endEvent id="example_finished" name="结束"/>'
ONE_STEP = flows("example_started record_summary example_finished")
STARTED_WITH_AMOUNT = {CASE: "name: 举例\nprocess: example\nvariables: {amount: 1, purchase_id: CG-1, title: 举例}\n"}
CALLING = {
    CALLER: diagram(
        '<bpmn:startEvent id="calling_started" name="开始"><bpmn:extensionElements><zeebe:properties>'
        '<zeebe:property name="variables" value="amount"/></zeebe:properties></bpmn:extensionElements></bpmn:startEvent>'
        '<bpmn:callActivity id="example" name="举例"><bpmn:extensionElements><zeebe:calledElement processId="example" '
        'propagateAllChildVariables="false"/><zeebe:ioMapping><zeebe:output source="=total" target="total"/></zeebe:ioMapping>'
        '</bpmn:extensionElements></bpmn:callActivity><bpmn:endEvent id="calling_finished" name="结束"/>'
        + flows("calling_started example calling_finished"),
        id_="calling",
    )
}
REVIEW = user("review_demand", form="review_demand")
NOTICE = {"purchase_id": "=purchase_id", "title": "=title", "content": "={}"}
GATEWAY = (
    START
    + REVIEW
    + '<bpmn:exclusiveGateway id="is_agreed" name="同意吗？" @@/>'
    + END
    + flows("example_started review_demand is_agreed")
    + "".join(
        f'<bpmn:sequenceFlow id="answer_{n}" name="{name}" sourceRef="is_agreed" targetRef="example_finished">{condition}</bpmn:sequenceFlow>'
        for n, (name, condition) in enumerate(
            [
                ("同意", '<bpmn:conditionExpression>=review_demand_decision = "agree"</bpmn:conditionExpression>'),
                ("其他", "%s"),
            ]
        )
    )
)
SHAPE = '<bpmndi:BPMNShape id="{0}_di" bpmnElement="{0}"><dc:Bounds x="{1}" y="0" width="{2}" height="36"/></bpmndi:BPMNShape>'
PICTURE = (
    '<bpmndi:BPMNDiagram id="picture"><bpmndi:BPMNPlane id="plane" bpmnElement="example">'
    + SHAPE.format("example_started", 0, 36)
    + "{shape}"
    + SHAPE.format("example_finished", 300, 36)
    + "".join(
        f'<bpmndi:BPMNEdge id="{flow}_di" bpmnElement="{flow}"><di:waypoint x="0" y="0"/><di:waypoint x="9" y="0"/></bpmndi:BPMNEdge>'
        for flow in ("example_started_to_record_summary", "record_summary_to_example_finished")
    )
    + "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
)
LEGAL_TABLE = (
    f'<definitions {DMN} id="legal" name="法定期限" namespace="urn:example"><decision id="legal_periods" name="法定期限">'
    '<variable id="legal_variable" name="legal_periods"/><decisionTable id="legal_table" hitPolicy="COLLECT">'
    '<input id="legal_in"><inputExpression id="legal_in_text" typeRef="date"><text>date(on)</text></inputExpression></input>'
    + "".join(
        f'<output id="legal_{name}" name="{name}"/>'
        for name in ["value", "unit", "comparator", "document", "article", "mark", "parameter", "notice", "column", "method"]
    )
    + '<annotation name="说明"/><rule id="legal_1"><inputEntry id="legal_1_in"><text>&gt;= date("2020-01-01")</text></inputEntry>'
    + "".join(
        f'<outputEntry id="legal_1_{n}"><text>{text}</text></outputEntry>'
        for n, text in enumerate(
            ["5", '"工作日"', '"&gt;="', '"办法"', '"第九条(九)"', '"V1"', '""', '"result_publicity"', '""', '""']
        )
    )
    + "<annotationEntry><text>结果公示</text></annotationEntry></rule></decisionTable></decision></definitions>\n"
)


def _steps(inside: str, chain: str, **more: str) -> str:
    return diagram(START + inside + END + flows(f"example_started {chain} example_finished"), **more)


def _row_of(count: int) -> str:
    """So many tasks one after the other."""
    names = [f"record_{n}" for n in range(count)]
    tasks = "".join(script("=1", f"total_{n}").replace("record_summary", name) for n, name in enumerate(names))
    return START + tasks + END + flows(f"example_started {' '.join(names)} example_finished")


EXAMPLES: dict[str, Example] = {
    "deployment_refused": Example(
        "服务任务没有写调用什么操作，引擎不知道该做什么。",
        '<bpmn:serviceTask id="record_summary" name="登记"/>',
        service("record_summary", "purchase.record", inputs(purchase_id="=purchase_id")),
        diagram(START + HERE + END + ONE_STEP),
        element="record_summary",
        beside=STARTED_WITH_AMOUNT,
    ),
    "deployment_note": Example(
        "输出列的类型写错了：没有 strng 这种类型，引擎就不核对这一列的值。",
        "strng",
        "string",
        table(row(1, "-", "小额")).replace('typeRef="string"', f'typeRef="{HERE}"'),
        at=TABLE,
    ),
    "user_task_without_candidates": Example(
        "审核任务没有指定经办人，也没有候选组，谁的待办里都不会出现。",
        user("review_demand", who=""),
        user("review_demand"),
        _steps(HERE, "review_demand"),
        element="review_demand",
    ),
    "element_unreachable": Example(
        "“汇总”画在图上，却没有线通到它。",
        script("=1"),
        script("=1") + flows("example_started record_summary example_finished"),
        diagram(START + HERE + END + flows("example_started example_finished")),
        element="record_summary",
    ),
    "table_overlap": Example(
        "金额恰好五万元时两行都命中，而命中策略只允许一个答案。",
        row(1, "&lt;= 50000", "小额") + row(2, "&gt;= 50000", "公开比选"),
        row(1, "&lt;= 50000", "小额") + row(2, "&gt; 50000", "公开比选"),
        table(HERE),
        at=TABLE,
        element="example",
    ),
    "table_gap": Example(
        "金额恰好五万元时没有一行命中，走到这里案件会停住。",
        row(1, "&lt; 50000", "小额") + row(2, "&gt; 50000", "公开比选"),
        row(1, "&lt;= 50000", "小额") + row(2, "&gt; 50000", "公开比选"),
        table(HERE),
        at=TABLE,
        element="example",
    ),
    "table_rule_unreachable": Example(
        "第二行永远轮不到：第一行已经接走了所有金额。",
        row(1, "-", "小额") + row(2, "&gt; 50000", "公开比选"),
        row(1, "&gt; 50000", "公开比选") + row(2, "-", "小额"),
        table(HERE, policy="FIRST"),
        at=TABLE,
        element="example",
    ),
    "variable_never_written": Example(
        "变量名写错了一个字母，前面没有任何一步写过它。",
        script("=amuont * 2"),
        script("=amount * 2"),
        diagram(START + HERE + END + ONE_STEP),
        element="record_summary",
        beside=STARTED_WITH_AMOUNT,
    ),
    "variable_missing_on_a_way": Example(
        "只有走“是”那条路才算出 total，另一条路上它还是空的。",
        "=total + 1",
        "=if total = null then 1 else total + 1",
        diagram(
            START
            + '<bpmn:exclusiveGateway id="is_large" name="大额吗？" default="is_large_no"/>'
            + script("=amount", "total").replace("record_summary", "record_total")
            + script(HERE)
            + END
            + flows("example_started is_large", "record_total record_summary example_finished")
            + '<bpmn:sequenceFlow id="is_large_yes" name="是" sourceRef="is_large" targetRef="record_total">'
            + "<bpmn:conditionExpression>=amount &gt; 10</bpmn:conditionExpression></bpmn:sequenceFlow>"
            + '<bpmn:sequenceFlow id="is_large_no" name="否" sourceRef="is_large" targetRef="record_summary"/>'
        ),
        element="record_summary",
        beside=STARTED_WITH_AMOUNT,
    ),
    "called_output_gone": Example(
        "结果改名叫 sum 了，而调用它的流程还在取 total；正在走的案件要到几个月后走到这里才发现没有值。",
        'resultVariable="sum"',
        'resultVariable="total"',
        diagram(START + script("=amount * 2", "total").replace('resultVariable="total"', HERE) + END + ONE_STEP),
        element="example",
        beside=CALLING,
        before='resultVariable="total"',
    ),
    "caller_input_missing": Example(
        "新的一版要读 discount，正在走的上级流程没有这个数；先和 null 比较，老案件就照旧办。",
        "=amount * discount",
        "=amount * (if discount = null then 1 else discount)",
        diagram(START + script(HERE, "total") + END + ONE_STEP),
        element="record_summary",
        beside=CALLING,
        before="=amount * 2",
    ),
    "called_process_deleted": Example(
        "流程换了编号，上级流程还按旧编号调用：走到那里用的永远是换编号以前的一版。",
        "example_new",
        "example",
        diagram(START + script("=amount * 2", "total") + END + ONE_STEP).replace('process id="example"', f'process id="{HERE}"'),
        element="example",
        beside=CALLING,
        before="example",
    ),
    "gateway_without_way": Example(
        "表单里还可以选“退回”（return），但没有一条线接它，也没有默认线。",
        '<bpmn:conditionExpression>=review_demand_decision = "refuse"</bpmn:conditionExpression>',
        '<bpmn:conditionExpression>=review_demand_decision = "refuse" or review_demand_decision = "return"</bpmn:conditionExpression>',
        diagram(GATEWAY.replace(" @@", "").replace("%s", HERE)),
        element="is_agreed",
        beside={FORM: form(choice("review_demand_decision", "agree", "return", "refuse"))},
    ),
    "user_task_without_form": Example(
        "审核任务没有表单，什么也看不到、填不了。",
        user("review_demand"),
        REVIEW,
        _steps(HERE, "review_demand"),
        element="review_demand",
        beside={FORM: form(choice("review_demand_decision", "agree", "refuse"))},
    ),
    "form_field_unread": Example(
        "表单要求填“预计人数”，但没有任何地方用到它。",
        '{"type": "number", "id": "field_expected", "key": "expected_count", "label": "预计人数"}',
        '{"type": "textfield", "id": "field_note", "key": "note", "label": "备注"}',
        form(HERE),
        at=FORM,
        element="review_demand",
        beside={DIAGRAM: _steps(REVIEW, "review_demand")},
    ),
    "element_without_label": Example(
        "任务没有名称，待办和记录里只能显示编号。",
        script("=1").replace(' name="汇总"', ""),
        script("=1"),
        diagram(START + HERE + END + ONE_STEP),
        element="record_summary",
    ),
    "id_convention": Example(
        "编号是编辑器自动取的，记录和案例里没人看得懂。",
        "Activity_0x1f2",
        "record_demand",
        diagram(START + script("=1").replace("record_summary", HERE) + END + flows(f"example_started {HERE} example_finished")),
    ),
    "element_not_drawn": Example(
        "“汇总”会执行，但图上没有画出来。",
        "",
        SHAPE.format("record_summary", 100, 100),
        diagram(START + script("=1") + END + ONE_STEP, picture=PICTURE.replace("{shape}", HERE)),
        element="record_summary",
    ),
    "element_covered": Example(
        "两个框重叠，看图的人会漏掉一个。",
        SHAPE.format("record_summary", 250, 100),
        SHAPE.format("record_summary", 100, 100),
        diagram(START + script("=1") + END + ONE_STEP, picture=PICTURE.replace("{shape}", HERE)),
    ),
    "same_person_approves": Example(
        "登记和审核是同一个候选组：同一个人可以自己登记、自己同意。",
        'candidateGroups="procurement_officer"',
        'candidateGroups="street_leader"',
        _steps(
            user("record_demand", 'candidateGroups="procurement_officer"') + user("review_demand", HERE, "review_demand"),
            "record_demand review_demand",
        ),
        element="review_demand",
        beside={FORM: form(choice("review_demand_decision", "agree", "refuse"))},
    ),
    "award_without_publicity": Example(
        "没有公示就公开中选结果，别人没有机会提出异议。",
        flows("example_started publish_award"),
        service("publicise_result", "notice.publish", inputs(kind="result_publicity", **NOTICE))
        + '<bpmn:intermediateCatchEvent id="publicity_over" name="公示期满"><bpmn:timerEventDefinition><bpmn:timeDate>'
        + '=date and time(working days after(today(), 5), time("18:00:00+08:00"))</bpmn:timeDate></bpmn:timerEventDefinition>'
        + "</bpmn:intermediateCatchEvent>"
        + flows("example_started publicise_result publicity_over publish_award"),
        diagram(
            START
            + HERE
            + service("publish_award", "notice.publish", inputs(kind="award", **NOTICE))
            + END
            + flows("publish_award example_finished")
        ),
        element="publish_award",
        beside=STARTED_WITH_AMOUNT,
    ),
    "period_below_minimum": Example(
        "公示只给三个工作日，办法第九条(九)要求不少于五个。",
        "3",
        "5",
        _steps(
            service(
                "publicise_result",
                "notice.publish",
                inputs(kind="result_publicity", until=f"=working days after(today(), {HERE})", **NOTICE),
            ),
            "publicise_result",
        ),
        element="publicise_result",
        beside={**STARTED_WITH_AMOUNT, LEGAL: LEGAL_TABLE},
    ),
    "element_without_article": Example(
        "审核任务没有写依据哪一条。",
        "由街道审核。",
        "由街道审核。《办法》第九条(一)。",
        _steps(user("review_demand", note=HERE), "review_demand"),
        element="review_demand",
    ),
    "row_without_source": Example(
        "这一行没有写依据。",
        "",
        "办法第九条(二)",
        table(row(1, "-", "小额", source=HERE)),
        at=TABLE,
        element="example",
    ),
    "amount_in_diagram": Example(
        "分界金额写死在条件里；参数表改了，图不会跟着改。",
        "amount &gt; 50000",
        "amount &gt; small_limit",
        diagram(START + script(f"={HERE}") + END + ONE_STEP),
        element="record_summary",
        beside={CASE: "name: 举例\nprocess: example\nvariables: {amount: 1, small_limit: 50000}\n"},
    ),
    "escalation_unknown": Example(
        "角色写错了：没有 street_leeder，超期时本该知道的人不会知道。",
        "street_leeder",
        "street_leader",
        _steps(
            user("review_demand", 'candidateGroups="procurement_officer"').replace(
                "</bpmn:extensionElements>",
                f'<zeebe:properties><zeebe:property name="escalateTo" value="{HERE}"/></zeebe:properties></bpmn:extensionElements>',
            ),
            "review_demand",
        ),
        element="review_demand",
    ),
    "ledger_unfit": Example(
        "表单里没有 department 这个字段，写成了 departmnet，列表里这一列永远是空的。",
        "departmnet",
        "department",
        "ledger: example_list\ntitle: 举例清单\nabout: 举例\narticle: 办法第七条\nform: review_demand\nnumber: JL\nname: name\n"
        f"columns: [name, {HERE}]\npublic: true\n",
        at="processes/example/example_list.ledger.yaml",
        element="departmnet",
        beside={
            FORM: form(
                '{"type": "textfield", "id": "name", "key": "name", "label": "名称"}',
                '{"type": "textfield", "id": "department", "key": "department", "label": "部门"}',
            )
        },
    ),
    "operation_unknown": Example(
        "操作名写错了：没有 purchase.recrod，只有 purchase.record。",
        "purchase.recrod",
        "purchase.record",
        _steps(service("record_purchase", HERE, inputs(purchase_id="=purchase_id")), "record_purchase"),
        element="record_purchase",
        beside=STARTED_WITH_AMOUNT,
    ),
    "wording_convention": Example(
        "网关有两条出路，却没有提出问题。",
        "同意",
        "同意吗？",
        diagram(GATEWAY.replace(" @@", ' default="answer_1"').replace("同意吗？", HERE).replace("%s", "")),
        element="is_agreed",
        beside={FORM: form(choice("review_demand_decision", "agree", "refuse"))},
    ),
    "naming_convention": Example(
        "任务编号没有说做什么。",
        "demand_thing",
        "record_demand",
        diagram(START + script("=1").replace("record_summary", HERE) + END + flows(f"example_started {HERE} example_finished")),
    ),
    "diagram_too_large": Example(
        "一张图近三十个任务，没有人看得完。",
        _row_of(28),
        _row_of(3),
        diagram(HERE),
        element="example",
    ),
}

"""docs/reference/design-rules.md: every rule of the studio's checks with its example."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import unescape

from babel.messages.catalog import Catalog

from engine.checks import Rule
from procurement.studio.checks import CATALOGUE
from procurement.studio.checks.examples import EXAMPLES
from web.reference.markdown import generated, table
from web.translations.catalogues import CATALOGUES, read

SEVERITY = {"error": "错误", "warning": "提醒", "hint": "提示"}
OPENING = """# 画图时检查的规则

{generated}
设计室在每次修改之后检查整份草稿，列在编辑页下方和“问题”页，点一下就到那个元素、那一行或那个字段。怎样用见
[在设计室改规则](../how-to/work-with-drafts.md)。

- **错误**：不能发布。部署会拒绝的不能降低，也不能停用；别的写明理由停用以后可以发布。**提醒**：多半要改。**提示**：可能是有意的。
- **程度**由管理员在“全部规则”页按规则调整（提醒、提示、不检查），要写理由，谁在何时改过都留着。
- **停用**一条问题要写理由，记进 `processes/<文件夹>/silenced.yaml`：规则、文件、元素、理由、谁、何时、元素当时的指纹。它是草稿的文件，
  随草稿复核、发布、导出；只增不删，重新显示也是加一条。元素本身改了（连线和位置不算），停用自动失效，问题重新出现，原来的理由附在后面。
- **变量从哪里来**：表单字段、输出映射、操作的输出、决策和脚本的结果、多实例的变量、被调用的流程交回的、消息带来的。流程开始时就有的，取自
  调用它的流程；没有流程调用它的，取自开始事件的属性 `variables`（名字用逗号隔开），都没有就取自案例的 `variables`。消息带来的取自页面发送的
  和案例里写的。条件隐藏的字段算作填写过；同一个表达式里先与 null 比较的、写在 `if` 分支里的，算作想到过它没有值。
- **新旧版本接不接得上**：正在走的案件调用的总是被调用流程最新的一版。凡是这些文件里的流程、有案件正在走的旧版本，每一处调用都和在用的一版
  比较：从前交出、现在不再交出的，从前不需要、现在要读而没有交过来的，才说；本来就缺的不说。同一流程里先与 null 比较过的、交给操作的可有
  可无的参数、任务另有候选人的，算作没有它也能办。在同一元素上为“读取的变量前面没有写过”写过的停用理由，在这里同样算数。
- **看不出来的**：两个变量互相约束（选定时一定有承接主体），检查不知道，会提示“有的路上还没有写”；路径不看条件能不能同时成立。

"""


def page() -> str:
    rows = [(f"[{zh(rule.title)}](#{rule.code})", f"`{rule.code}`", SEVERITY[rule.severity]) for rule in CATALOGUE.values()]
    overview = table(("规则", "编号", "程度"), rows)
    return OPENING.format(generated=generated("procurement/studio/checks")) + overview + "\n" + "".join(_rules())


def _rules() -> Iterator[str]:
    for rule in CATALOGUE.values():
        yield _rule(rule)


def _rule(rule: Rule) -> str:
    example = EXAMPLES[rule.code]
    fixed = "；不能降低，不能停用" if rule.fixed else ""
    before = f"在用的一版：\n\n```text\n{_short(unescape(example.before))}\n```\n\n草稿：\n\n" if example.before else ""
    bad, good = (unescape(part) or "（没有画）" for part in (example.bad, example.good))
    return (
        f"\n## {rule.code}\n\n**{zh(rule.title)}**（{SEVERITY[rule.severity]}{fixed}）。{zh(rule.why)}\n\n怎样改：{zh(rule.fix)}\n\n"
        f"例子：{example.told}\n\n{before}```text\n{_short(bad)}\n```\n\n改好之后：\n\n```text\n{_short(good)}\n```\n"
    )


def _short(text: str) -> str:
    return text if len(text) <= 600 else text[:599] + "…"


@cache
def _chinese() -> Catalog:
    return read(CATALOGUES[0])


def zh(sentence: str) -> str:
    message = _chinese().get(sentence)
    return str(message.string) if message and message.string else sentence

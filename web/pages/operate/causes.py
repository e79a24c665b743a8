"""Why something stopped and what to do next, in the reader's words.

An incident keeps its sentence as it was written, in English and filled in. The catalogue (and web.pages.operate.sentences)
knows the templates such sentences are made of, so the template a sentence fits is found again and its translation is filled
with the same values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from flask_babel import get_locale, get_translations
from flask_babel import lazy_gettext as _l

from web.pages.operate.sentences import SENTENCES

KINDS = {
    "condition_error": _l("条件算不出来"),
    "io_mapping_error": _l("变量映射出错"),
    "operation_failed": _l("系统操作没有办成"),
    "decision_error": _l("决策表没有结果"),
    "job_no_retries": _l("对外作业多次失败"),
    "unhandled_error": _l("业务异常没有人接"),
    "form_not_found": _l("缺少表单"),
    "timer_error": _l("期限算不出来"),
    "timer_failed": _l("到期的事没有办成"),
    "message_error": _l("消息的匹配值算不出来"),
    "called_element_error": _l("缺少被调用的流程"),
    "ad_hoc_error": _l("即席子流程无法继续"),
    "assignment_error": _l("办理人或期限算不出来"),
    "expression_error": _l("表达式算不出来"),
    "join_deadlock": _l("汇合处等不到人"),
    "step_limit": _l("流程停不下来"),
}
NEXT = {
    "condition_error": _l("流程图里的条件读到了空值或类型不对：核对下面的变量，补上或改正，再重试。"),
    "io_mapping_error": _l("变量映射出错：核对输入输出映射引用的变量，补上或改正，再重试。"),
    "operation_failed": _l("按原因处理（例如补登记簿、预算、目录），再重试；已经办成的事不会再办一遍。"),
    "decision_error": _l("决策表没有命中或重复命中：请流程设计人员补齐或改正规则并部署，再重试。"),
    "job_no_retries": _l("查明外部系统的情况，恢复后重试。"),
    "unhandled_error": _l("图上没有接住这个业务异常：补正数据后重试；要改图，请流程设计人员部署新版本再迁移案件。"),
    "form_not_found": _l("请流程设计人员部署缺少的表单，再重试。"),
    "timer_error": _l("核对日期的写法，以及那一年的工作日是否已登记，再重试。"),
    "timer_failed": _l("按原因处理，再重试；重试后到期的事会立即执行。"),
    "message_error": _l("核对用作匹配值的变量，再重试。"),
    "called_element_error": _l("请流程设计人员部署被调用的流程，再重试。"),
    "ad_hoc_error": _l("核对列表和完成条件读的变量，改正后重试；或由人激活另一个图元。"),
    "assignment_error": _l("核对办理人、候选人、期限引用的变量，改正后重试。"),
    "expression_error": _l("核对表达式读的变量，改正后重试。"),
    "join_deadlock": _l("有一条路不会再有人走来：由人移动或跳过，或请流程设计人员改图再迁移案件。"),
    "step_limit": _l("图上的循环没有等待的环节：改正循环读的变量后重试，或请流程设计人员改图再迁移案件。"),
}
_FIELD = re.compile(r"\{(\w+)\}")
LONGEST = 2_000  # letters; what is longer is a program's own trace, which no template fits
LEAST = 8  # letters a template must bring itself: "{cause}" alone would fit everything


def in_words(sentence: str) -> str:
    """The sentence in the reader's language, as far as the catalogue knows it; else as it was written."""
    if str(get_locale()) == "en" or len(sentence) > LONGEST:
        return sentence
    catalogue, patterns = _known(str(get_locale()))
    return _again(sentence, patterns, catalogue)


def translator(catalogue: dict[Any, str]) -> Callable[[str], str]:
    """As ``in_words``, in the language of ``catalogue``, where there is no page."""
    patterns = _patterns([text for text in catalogue if isinstance(text, str) and "{" in text])
    return lambda sentence: _again(sentence, patterns, catalogue) if len(sentence) <= LONGEST else sentence


@lru_cache(maxsize=4)
def _known(_locale: str) -> tuple[dict[Any, str], tuple[tuple[re.Pattern[str], str], ...]]:
    """The texts of a language and the patterns of those with gaps; a catalogue does not change while a process runs."""
    catalogue: dict[Any, str] = SENTENCES | getattr(get_translations(), "_catalog", {})
    return catalogue, _patterns([text for text in catalogue if isinstance(text, str) and "{" in text])


def _again(sentence: str, patterns: tuple[tuple[re.Pattern[str], str], ...], catalogue: dict[Any, str], depth: int = 3) -> str:
    known = catalogue.get(sentence)
    if known:
        return known
    for pattern, template in patterns:
        found = pattern.fullmatch(sentence)
        if found and depth:
            filled = {name: _again(value, patterns, catalogue, depth - 1) for name, value in found.groupdict().items()}
            return catalogue[template].format(**filled)
    return sentence


def _patterns(templates: Iterable[str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with the most words of their own first: they say the most."""
    own = {template: len(_FIELD.sub("", template)) for template in templates}
    usable = sorted((template for template in own if own[template] >= LEAST), key=lambda one: -own[one])
    return tuple((re.compile(_expression(template), re.DOTALL), template) for template in usable)


def _expression(template: str) -> str:
    parts, seen = [], set()
    for n, part in enumerate(_FIELD.split(template)):
        if n % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.*?)")
    return "".join(parts)

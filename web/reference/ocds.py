"""The page about open data: addresses, extensions, and where each field comes from."""

from __future__ import annotations

import json
from typing import Any

from procurement.opendata import extensions
from procurement.opendata.mapping import MAPPING
from procurement.opendata.packages import API
from web.reference.markdown import table

HEAD = f"""# 开放数据（OCDS）

<!-- 由 python -m web.reference 从代码生成，请勿手改；测试核对它是否最新。 -->

每个公布过东西的采购项目，按[开放合约数据标准](https://standard.open-contracting.org/1.1/en/) 1.1.5 提供。不登录，任何网站的网页脚本都可以读（CORS）。
为什么这样做、什么时候公布什么，见[开放数据的道理](../explanation/open-data.md)；怎样用，见[使用开放数据](../how-to/use-the-open-data.md)。

## 地址

| 地址 | 内容 |
|---|---|
| `{API}` | 各个地址 |
| `{API}/releases` | 发布记录，按公布的次序；`since`（带时区的时刻）、`after`、`limit`（至多 200）；下一页在 `Link` 头里 |
| `{API}/releases/{{ocid}}` | 一个项目的全部发布记录 |
| `{API}/records` | 一个项目一条，连同合成的 compiledRelease；`after`、`limit`（至多 50） |
| `{API}/records/{{ocid}}` | 一个项目 |
| `{API}/package.json` | 全部发布记录，一个包 |
| `{API}/package.jsonl.gz` | 每行一个项目的记录包，gzip |
| `{API}/extensions/…` | 各扩展的定义 |

回答可以缓存一分钟；带 `If-None-Match` 再问，没有变就回答 304。参数写错回答 400，没有这个项目回答 404（problem+json）。

## 事件和标签

| 事件 | 标签 |
|---|---|
| 采购意向公告 | planning |
| 第一份公告（另加） | planning |
| 比选公告；再次比选 | tender；tenderAmendment |
| 更正、延期公告；答疑 | tenderAmendment；tenderUpdate |
| 收件清单、开启记录 | tenderUpdate |
| 终止公告 | tenderCancellation（已有结果的另加 awardCancellation） |
| 结果公示、选定结果 | award，再次为 awardUpdate |
| 异议作出答复 | awardUpdate，还没有结果的为 tenderUpdate |
| 合同签订；补充合同 | contract；contractAmendment |
| 合同公告、合同终止公告 | contractUpdate |
| 付款、验收公告 | implementation |
| 合同履行完毕或终止 | contractTermination |
"""


def page() -> str:
    fields = table(("字段", "来自", "从何时起"), ((f"`{field.path}`", field.source, field.since) for field in MAPPING))
    described = [(name, _read(name)) for name in extensions.names()]
    own = table(
        ("扩展", "名称", "说明", "增加的字段"),
        ((f"`{name}`", meta["name"]["zh"], meta["description"]["zh"], _fields(schema)) for name, (meta, schema) in described),
    )
    return f"{HEAD}\n## 扩展\n\n{own}\n\n## 字段从哪里来\n\n一行包括它下面的全部字段。没有值的字段不写。\n\n{fields}\n"


def _read(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return json.loads(extensions.read(f"{name}/extension.json")[0]), json.loads(extensions.read(f"{name}/release-schema.json")[0])


def _fields(schema: dict[str, Any]) -> str:
    """Fields added to the release and to the standard's own objects."""
    added = list(schema.get("properties", {}))
    for owner, definition in schema.get("definitions", {}).items():
        if owner in ("Tender", "Award"):
            added += [f"{owner.lower()}.{name}" for name in definition["properties"]]
    return "、".join(f"`{name}`" for name in added)

"""docs/reference/roles-and-access.md: the access table of web.auth.access, in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from flask import Flask

from procurement.accounts.roles import PARTY_ROLES, ROLES
from web.auth.access import PAGES
from web.auth.audiences import CASES, EVERYONE, OFFICE, PUBLIC
from web.pages.blueprints import BLUEPRINTS
from web.reference.markdown import generated, table

OPENING = """# 角色和权限

{generated}
一个人的权限由账号上的**角色**决定；第三方支持机构、专家、社会组织还要写明代表哪一家（`agency:agy-01`、`expert:exp-01`、
`organisation:org-01`），没有这一项的外部角色不能建立。角色和所代表的一家同时也是任务的候选组。
下表是代码里唯一的一张表（`web/auth/routes`），每个地址在打开前都问它；有地址没有写进表，程序不启动。
它只回答“能不能打开这一类页面”；**能看到哪些案件、办理哪些任务**另有规则，见[谁可以看到什么](../explanation/who-sees-what.md)。

## 角色
"""
PARTS = {
    "login": "登录",
    "language": "语言",
    "home": "首页",
    "inbox": "收件箱",
    "tasks": "任务",
    "returning": "退回",
    "files": "附件",
    "purchases": "采购项目",
    "cases": "案卷",
    "supervision": "指出问题",
    "urging": "催办",
    "agency": "比选工作台",
    "supplier": "社会组织门户",
    "evidence": "证明材料",
    "integrity": "诚信档案",
    "registering": "社会组织注册（公开，凭编号和密码）",
    "registrations": "注册申请",
    "flags": "红旗",
    "opening_keys": "开启码",
    "sealed_bids": "参选文件",
    "openings": "参选文件开启",
    "scoring": "专家的评分表",
    "scores": "评分的进度和结果",
    "score_sheets": "评分表模板",
    "objections": "异议和投诉",
    "discretion": "裁量台账",
    "contracts": "合同",
    "red_papers": "红头文件",
    "archives": "卷宗",
    "draws": "抽取专家",
    "draw_files": "抽取文件",
    "panels": "评审邀请与利害关系",
    "registers": "登记簿",
    "ledgers": "台账",
    "ledger_imports": "台账：导入",
    "matters": "监督事项",
    "matter_list": "监督事项：列表和发起",
    "onsite": "现场填写",
    "surveys": "满意度问卷（公开，凭链接）",
    "survey_desk": "满意度调查",
    "dashboards": "图表",
    "execution": "预算执行",
    "feedback": "居民反馈",
    "threads": "从议题到满意度的一条线",
    "designer": "上传部署",
    "studio": "设计室",
    "studio_shelf": "设计室：现行版本",
    "studio_files": "设计室：草稿的文件",
    "studio_editors": "设计室：编辑器要用的数据",
    "studio_checks": "设计室：问题",
    "studio_play": "设计室：试走和案例",
    "studio_compare": "设计室：对比",
    "studio_replay": "设计室：重算",
    "studio_release": "设计室：复核和发布",
    "studio_permissions": "设计室：谁可以改规则",
    "studio_packing": "设计室：导出和导入",
    "explained": "公开的流程说明",
    "definitions": "流程图文件",
    "operate": "运行",
    "audit": "审计",
    "repair": "修复案件",
    "migration": "迁移",
    "incidents": "异常",
    "users": "用户与角色",
    "account": "我的账号",
    "messages": "消息",
    "mail_wishes": "消息：邮件设置",
    "mail_confirmation": "消息：确认邮箱",
    "public": "公告与结果",
    "clock": "演示时钟（只在演示系统）",
}
ALSO = "`/v2` 接口各操作的角色见[接口](http-api.md)。"


def page() -> str:
    people = table(
        ("代码", "角色", "性质"), [(f"`{key}`", name, "外部" if key in PARTY_ROLES else "街道") for key, name in ROLES.items()]
    )
    return "\n".join([OPENING.format(generated=generated("web/auth/routes")), people, "", "## 页面\n", *_parts(), ALSO]) + "\n"


def _parts() -> Iterator[str]:
    addresses = _addresses()
    for part, endpoints in groupby(PAGES, key=lambda endpoint: endpoint.split(".")[0]):
        rows = [(f"`{method} {rule}`", who(PAGES[name])) for name in endpoints for method, rule in addresses.get(name, ())]
        if rows:
            yield f"### {PARTS[part]}\n\n{table(('地址', '谁可以打开'), rows)}\n"


def _addresses() -> dict[str, list[tuple[str, str]]]:
    pages = Flask("web", static_folder=None)
    for blueprint in BLUEPRINTS:
        pages.register_blueprint(blueprint)
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in pages.url_map.iter_rules():
        methods = sorted((rule.methods or set()) & {"GET", "POST"})
        found.setdefault(rule.endpoint, []).append(("/".join(methods), rule.rule))
    return found


def who(roles: frozenset[str]) -> str:
    """A set of roles in the fewest words."""
    if roles == PUBLIC:
        return "不需登录"
    if roles == EVERYONE:
        return "登录的任何人"
    if roles == OFFICE:
        return "街道的全部角色"
    if roles == CASES:
        return "街道的角色，流程设计除外"
    return "、".join(label for role, label in ROLES.items() if role in roles)

"""``bixuan user``: accounts, the first administrator's above all."""

from __future__ import annotations

from typing import Annotated

import typer

from web.commands.options import Demo
from web.installation import DEMO, OFFICE, installation
from web.terminal import ask_password, say

app = typer.Typer(no_args_is_help=True, help="账号：第一个管理员只能在这里建立。")


@app.command("add")
def add_user(
    login: str,
    name: Annotated[str, typer.Option(help="姓名")],
    role: Annotated[list[str], typer.Option(help="角色，可写多次，例如 --role admin")],
    group: Annotated[list[str] | None, typer.Option(help="代表的机构，例如 organisation:org-01")] = None,
    unit: Annotated[str, typer.Option(help="单位")] = "",
    *,
    demo: Demo = False,
) -> None:
    """新建账号；密码在提示后输入，或由标准输入给出。"""
    from web.composition import compose  # noqa: PLC0415

    password = ask_password()
    with installation(DEMO if demo else OFFICE) as settings:
        services = compose(settings)
        services.migrate()
        services.office.accounts.create(login, name, password, roles=role, groups=group or (), unit=unit)
    say(f"账号 {login} 已建立。")


@app.command("password")
def set_password(login: str, *, demo: Demo = False) -> None:
    """为账号设新密码。"""
    from web.composition import compose  # noqa: PLC0415

    password = ask_password()
    with installation(DEMO if demo else OFFICE) as settings:
        compose(settings).office.accounts.set_password(login, password)
    say(f"账号 {login} 的密码已更换。")


@app.command("list")
def list_users(*, demo: Demo = False) -> None:
    """列出账号和角色。"""
    from web.composition import compose  # noqa: PLC0415

    with installation(DEMO if demo else OFFICE) as settings:
        for user in compose(settings).office.accounts.search(limit=10_000):
            say(f"{user.login}\t{user.name}\t{'、'.join(user.roles)}")

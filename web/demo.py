"""The demo office: from nothing to a page in the browser, with people, purchases and a clock that can be moved."""

from __future__ import annotations

import time

from procurement import demo as office_demo
from procurement.messages.mailer import MailServer
from web.composition import compose
from web.installation import DEMO, installation
from web.resources import designer_folders, read_resources
from web.serving import refuse_taken, serve_application, stop_like_ctrl_c
from web.terminal import say


def run_demo(host: str, port: int) -> None:
    """Start everything, print where to go and who to be, and serve until Ctrl-C."""
    began = time.monotonic()
    refuse_taken(host, port)
    stop_like_ctrl_c()
    try:
        with installation(DEMO) as settings:
            say("数据库已启动，正在准备演示街道 ……")
            services = compose(settings)
            services.migrate()
            taken = services.studio.shipping.take_over(read_resources(designer_folders()), note="演示街道的流程和表单")
            for path in taken.kept_ours:
                say(f"{path}：在设计室里改过，保留改过的；软件带来的改动可以在设计室里建草稿对比。")
            office_demo.load(services.office, services.engine)
            _introduce(host, port, time.monotonic() - began)
            _about_mail(settings.mail)
            serve_application(services, host, port)
    except KeyboardInterrupt:  # before the server took over the signal
        pass
    say("已停止，数据都在。")


def _introduce(host: str, port: int, seconds: float) -> None:
    say(f"\n演示街道准备好了（{seconds:.1f} 秒）：  http://{host}:{port}\n")
    say(f"所有演示账号的密码都是  {office_demo.PASSWORD}\n")
    width = max(len(account.login) for account in office_demo.ACCOUNTS) + 2
    for account in office_demo.ACCOUNTS:
        say(f"  {account.login:<{width}}{account.name}（{account.title}）")
    say("\n按 Ctrl-C 停止；数据保留，下次启动接着用。")


def _about_mail(server: MailServer | None) -> None:
    if server is not None:
        say(f"邮件经 {server} 发出；各人在“消息 → 邮件设置”里填邮箱。")
    else:
        say("消息在页面的“消息”里。想看邮件，可以接一个只收不发的本地邮件服务器：docs/how-to/set-up-mail.md。")

"""Messages to people."""

from __future__ import annotations

from procurement.messages.kinds import KINDS
from procurement.operations.descriptions.shape import PURCHASE, Described, gives, may, need

DESCRIBED = (
    Described(
        "message.send",
        "发站内消息和邮件",
        "告诉一些人一件事：站内消息立即可见，邮件按各人的设置发出。邮件发不出去不影响案件。不要写参选文件的内容和评审专家的姓名。",
        inputs=(
            may("to", "list", "告诉谁（必写）：账号、角色（procurement_officer）、单位（organisation:org-01、agency:agy-01）"),
            need("subject", "string", "标题"),
            may("text", "string", "内容"),
            may("kind", "string", "哪一类；各人按类设置邮件，不写时为 notification", choices=tuple(KINDS)),
            PURCHASE,
        ),
        outputs=(gives("told", "number", "告诉了几个人"),),
    ),
)

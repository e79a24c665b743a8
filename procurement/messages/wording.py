"""What messages say, in both languages. ``values`` fill the braces; moments come as text such as ``2026-03-05 18:00``.

Nothing here names an expert, a bidder's rival or the content of a bid: a mail travels through other people's machines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LANGUAGES = ("zh_Hans", "en")
Said = tuple[str, str]  # subject, text

WORDS: Mapping[str, Mapping[str, Said]] = {
    "task_created": {
        "zh_Hans": ("待办：{task}（{title}）", "“{title}”（{number}）的“{task}”等您办理。期限：{due}。"),
        "en": ("To do: {task} ({title})", "“{task}” of “{title}” ({number}) waits for you. Due: {due}."),
    },
    "task_assigned": {
        "zh_Hans": ("交给您办理：{task}（{title}）", "“{title}”（{number}）的“{task}”交给您办理。期限：{due}。"),
        "en": ("Handed to you: {task} ({title})", "“{task}” of “{title}” ({number}) was handed to you. Due: {due}."),
    },
    "task_returned": {
        "zh_Hans": ("退回：{task}（{title}）", "“{title}”（{number}）从“{task}”退回了前面的步骤，理由在案件页上。"),
        "en": (
            "Sent back: {task} ({title})",
            "“{title}” ({number}) was sent back from “{task}”; the reason is on the case page.",
        ),
    },
    "task_reminder": {
        "zh_Hans": ("快到期：{task}（{title}）", "“{title}”（{number}）的“{task}”到 {due} 为止，还没有办。"),
        "en": ("Due soon: {task} ({title})", "“{task}” of “{title}” ({number}) is due by {due} and not done yet."),
    },
    "task_overdue": {
        "zh_Hans": ("已超期：{task}（{title}）", "“{title}”（{number}）的“{task}”应在 {due} 前办完，还没有办。"),
        "en": ("Overdue: {task} ({title})", "“{task}” of “{title}” ({number}) was due by {due} and is not done yet."),
    },
    "task_escalated": {
        "zh_Hans": (
            "超期升级：{task}（{title}）",
            "“{title}”（{number}）的“{task}”应在 {due} 前由{holder}办完，还没有办，现升级告知您，请督促。",
        ),
        "en": (
            "Escalated: {task} ({title})",
            "“{task}” of “{title}” ({number}) was due by {due} from {holder} and is not done yet. It is brought to you now.",
        ),
    },
    "task_urged": {
        "zh_Hans": ("催办：{task}（{title}）", "{by}请您尽快办理“{title}”（{number}）的“{task}”。期限：{due}。"),
        "en": ("Please hurry: {task} ({title})", "{by} asks you to do “{task}” of “{title}” ({number}) soon. Due: {due}."),
    },
    "timer_reminder": {
        "zh_Hans": ("时间快到：{task}（{title}）", "“{title}”（{number}）：{due} 到“{task}”。"),
        "en": ("The time is near: {task} ({title})", "“{title}” ({number}): “{task}” at {due}."),
    },
    "case_moved": {
        "zh_Hans": ("项目进展：{status}（{title}）", "您发起的“{title}”（{number}）：{status}。"),
        "en": ("Progress: {status} ({title})", "“{title}” ({number}), which you started: {status}."),
    },
    "notice": {
        "zh_Hans": ("{kind}：{title}", "“{title}”（{number}）发布了{kind}，请及时查看。"),
        "en": ("{kind}: {title}", "“{title}” ({number}): {kind} was published. Please read it."),
    },
    "notice_closed": {
        "zh_Hans": ("公告关闭：{title}", "“{title}”（{number}）的公告已关闭，原因见公告。"),
        "en": ("Notice closed: {title}", "A notice of “{title}” ({number}) was closed; the notice says why."),
    },
    "application": {
        "zh_Hans": ("报名：{status}（{title}）", "贵单位报名“{title}”（{number}）：{status}。理由和下一步见门户。"),
        "en": ("Application: {status} ({title})", "Your application to “{title}” ({number}): {status}. See the portal."),
    },
    "opening": {
        "zh_Hans": ("参选文件开启：{title}", "“{title}”（{number}）的参选文件已到开启的时候，开启情况见门户。"),
        "en": ("Opening of the bids: {title}", "The bids for “{title}” ({number}) are being opened. See the portal."),
    },
    "objection": {
        "zh_Hans": ("异议已答复：{title}", "贵单位对“{title}”（{number}）提出的异议已有答复，见门户。"),
        "en": ("Objection answered: {title}", "Your objection to “{title}” ({number}) was answered. See the portal."),
    },
    "objection_supplement": {
        "zh_Hans": (
            "异议要补正：{title}",
            "贵单位对“{title}”（{number}）提出的异议要补正，补什么、到哪一天见异议页；补正期间答复期限停走。",
        ),
        "en": (
            "Your objection needs a supplement: {title}",
            "Your objection to “{title}” ({number}) needs a supplement; its page says which and by when. The period stands still meanwhile.",
        ),
    },
    "appeal_supplement": {
        "zh_Hans": (
            "投诉要补正：{title}",
            "投诉 {appeal}（“{title}”，{number}）要补正，补什么见投诉页；{day} 为止，逾期按现有材料审查。",
        ),
        "en": (
            "Your appeal needs a supplement: {title}",
            "Appeal {appeal} about “{title}” ({number}) needs a supplement by {day}; its page says which.",
        ),
    },
    "appeal_accepted": {
        "zh_Hans": ("投诉已受理：{title}", "投诉 {appeal}（“{title}”，{number}）已受理，{day} 以前作出处理决定。"),
        "en": ("Appeal accepted: {title}", "Appeal {appeal} about “{title}” ({number}) was accepted and is decided by {day}."),
    },
    "appeal_decided": {
        "zh_Hans": ("投诉已处理：{title}", "投诉 {appeal}（“{title}”，{number}）已有结果，见投诉页。"),
        "en": ("Appeal decided: {title}", "Appeal {appeal} about “{title}” ({number}) was decided; its page says how."),
    },
    "registered": {
        "zh_Hans": ("注册已接受：{name}", "{name}已注册，可以报名参加比选；资格材料快到期时会在这里提醒。"),
        "en": ("Registration accepted: {name}", "{name} is registered and may apply; you are told here before evidence expires."),
    },
    "objection_raised": {
        "zh_Hans": ("收到异议：{title}", "“{title}”（{number}）收到一份异议，请按期答复。"),
        "en": ("An objection: {title}", "An objection to “{title}” ({number}) was received. Please answer it in time."),
    },
    "contract": {
        "zh_Hans": ("合同待签：{title}", "“{title}”（{number}）的合同已经拟好，请按期签订。"),
        "en": ("Contract to sign: {title}", "The contract of “{title}” ({number}) is ready to be signed."),
    },
    "evidence_expiring": {
        "zh_Hans": ("资格材料快到期：{condition}", "贵单位“{condition}”的材料用到 {day} 为止，请及时更换，以免影响报名。"),
        "en": (
            "Evidence expires soon: {condition}",
            "Your evidence for “{condition}” is good until {day}. Please replace it in time.",
        ),
    },
    "evidence_expired": {
        "zh_Hans": ("资格材料已过期：{condition}", "贵单位“{condition}”的材料已于 {day} 到期，更换以前不能用它报名。"),
        "en": (
            "Evidence has expired: {condition}",
            "Your evidence for “{condition}” expired on {day}; replace it before you apply.",
        ),
    },
    "incident": {
        "zh_Hans": ("运行异常：{title}", "案件 {number} 停在“{element}”，原因和办法见异常页。"),
        "en": ("Incident: {title}", "Case {number} stopped at “{element}”; the incident page says why and what to do."),
    },
    "mail_trouble": {
        "zh_Hans": ("邮件发不出去", "邮件服务器暂时不接收邮件：{cause}。邮件留在发件箱里，会自动再试。"),
        "en": (
            "Mails cannot be sent",
            "The mail server takes no mails now: {cause}. They stay in the outbox and are tried again.",
        ),
    },
    "address_stopped": {
        "zh_Hans": ("您的邮箱退信", "发往 {address} 的邮件被拒收，已停止发送。请在消息设置里核对地址，重新确认。"),
        "en": (
            "Your mail address refuses mails",
            "Mails to {address} are refused, so none are sent. Check the address in the settings.",
        ),
    },
}

FRAME: Mapping[str, Mapping[str, str]] = {
    "zh_Hans": {
        "open": "查看：",
        "why": "这封邮件由{office}的采购系统自动发出，请不要直接回复。按您的设置发送，要改设置：",
        "digest": "{n} 条新消息",
        "confirm_subject": "确认邮箱：{office}采购系统",
        "confirm": "{name}：\n\n您在{office}采购系统里填写了这个邮箱。要用它接收消息，请在 24 小时内打开下面的地址并按“确认”：\n\n{link}\n\n"
        "不是您填写的，不用理会，不会再有邮件发来。",
        "test_subject": "试发邮件：{office}采购系统",
        "test": "{name}：\n\n收到这封邮件，说明邮件通知可以用了。",
    },
    "en": {
        "open": "Open: ",
        "why": "Sent automatically by the purchasing system of {office}; please do not reply. As you asked for it; to change that: ",
        "digest": "{n} new messages",
        "confirm_subject": "Confirm your address: purchasing system of {office}",
        "confirm": "{name},\n\nthis address was entered in the purchasing system of {office}. To get messages here, open this link within "
        "24 hours and press the button:\n\n{link}\n\nIf it was not you, do nothing: no more mails will come.",
        "test_subject": "Test mail: purchasing system of {office}",
        "test": "{name},\n\nthis mail has reached you, so messages by mail work.",
    },
}

NO_DUE = {"zh_Hans": "没有规定", "en": "none"}
CODES: Mapping[str, Mapping[str, Said]] = {  # value → (Chinese, English) for values that are codes
    "status": {
        "demand_approved": ("需求已审定，进入目标设定", "demand approved; goals come next"),
        "goals_approved": ("目标已审定，进入比选", "goals approved; selection comes next"),
        "comparison_open": ("公开比选开始", "the open comparison has begun"),
        "awarded": ("已选定承接主体", "an organisation was chosen"),
        "contracted": ("合同已签订", "the contract is signed"),
        "delivering": ("开始实施", "delivery has begun"),
        "accepted": ("已验收，进入服务跟踪", "accepted; follow-up comes next"),
        "archived": ("已归档", "archived"),
        "rejected": ("未通过", "rejected"),
        "withdrawn": ("已撤回", "withdrawn"),
        "failed": ("比选失败", "the selection failed"),
        "terminated": ("已终止", "terminated"),
        "void": ("已作废", "void"),
        "registered": ("已登记", "registered"),
        "late": ("逾期，不予受理", "too late, not accepted"),
        "first_check_passed": ("初审通过", "first check passed"),
        "first_check_failed": ("初审未通过", "first check not passed"),
        "confirmed": ("已确认合格", "confirmed"),
        "refused": ("未获确认", "not confirmed"),
    },
    "holder": {
        "": ("经办人", "the person in charge"),
        "department": ("职能部室", "the department"),
        "community": ("社区", "the community"),
        "service_centre": ("便民服务中心", "the service centre"),
        "finance": ("财政所", "finance"),
        "procurement_officer": ("采购经办", "the procurement officer"),
        "street_leader": ("街道办领导", "the street leader"),
        "legal": ("合法性审查", "legal review"),
        "committee": ("党工委委员", "the committee"),
        "committee_secretary": ("党工委秘书", "the committee's secretary"),
        "agency": ("第三方支持机构", "the agency"),
        "expert": ("评审专家", "an expert"),
        "organisation": ("社会组织", "the organisation"),
        "discipline": ("纪检", "discipline inspection"),
        "auditor": ("审计", "audit"),
        "district_centre": ("区指导中心", "the district centre"),
        "designer": ("流程设计", "a designer"),
        "operator": ("运维", "an operator"),
        "admin": ("管理员", "an administrator"),
    },
    "condition": {  # 办法 第六条(一)-(七)
        "independent": ("依法设立", "lawful establishment"),
        "governance": ("治理结构", "governance"),
        "finance": ("财务制度", "finance"),
        "capability": ("服务能力", "capability"),
        "tax_social": ("纳税和社保", "taxes and social security"),
        "record": ("信用记录", "record"),
        "other": ("其他条件", "other conditions"),
    },
    "kind": {
        "comparison_notice": ("比选公告", "notice of the comparison"),
        "correction": ("更正公告", "correction"),
        "extension": ("延期公告", "extension"),
        "termination": ("终止公告", "cancellation"),
        "clarification": ("答疑", "answers to questions"),
        "answer": ("答疑", "answers to questions"),
        "result_publicity": ("结果公示", "result"),
        "result": ("结果公告", "final result"),
        "award": ("选定结果", "award"),
        "contract": ("合同公告", "contract"),
    },
}


def said(words: str, values: Mapping[str, Any], language: str) -> Said:
    """Subject and text. Raises KeyError for words that are not there or lack a value."""
    at = LANGUAGES.index(language) if language in LANGUAGES else 0
    shown = {name: _shown(name, value, at) for name, value in values.items()}
    subject, text = WORDS[words][LANGUAGES[at]]
    return subject.format_map(shown), text.format_map(shown)


def _shown(name: str, value: Any, at: int) -> str:
    if name == "due" and not value:
        return NO_DUE[LANGUAGES[at]]
    known = CODES.get(name, {}).get(str(value))
    return known[at] if known else str(value)

"""What pages call the states and kinds of releases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

STATES = {
    "submitted": (_l("待复核"), "warn"),
    "approved": (_l("已复核，待发布"), "pine"),
    "released": (_l("已发布"), "ok"),
    "returned": (_l("退回修改"), "bad"),
    "refused": (_l("不同意"), "bad"),
    "withdrawn": (_l("已撤回"), ""),
    "not_applied": (_l("没有发布"), "bad"),
    "rolled_back": (_l("已回退"), ""),
}
KINDS = {
    "review": _l("经复核"),
    "direct": _l("直接部署，未经复核"),
    "urgent": _l("紧急回退，未经复核"),
    "shipped": _l("随软件的新版本"),
    "trial_end": _l("试行期满恢复"),
}
OPINIONS = {"agree": _l("同意发布"), "return": _l("退回修改"), "refuse": _l("不同意")}
ACTIONS = {"edit": _l("修改"), "review": _l("复核"), "release": _l("决定试行、紧急回退")}


def release_words() -> dict[str, Any]:
    return {"states": STATES, "kinds": KINDS, "opinions": OPINIONS, "actions": ACTIONS}

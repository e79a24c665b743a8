"""卷宗: the closed file of a purchase with its volumes, downloads and how to check them; the list of all with their retention."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Answer

from procurement.archive import words
from web.auth.people import acting
from web.pages import command_ids
from web.pages.cases.names import learn
from web.pages.services import office

blueprint = Blueprint("archives", __name__)
PAGE_SIZE = 40
STATUSES = {
    "listed": _l("只有目录"),
    "assembling": _l("正在生成"),
    "built": _l("待接收"),
    "accepted": _l("已入档"),
    "replaced": _l("已被替换"),
    "disposed": _l("已销毁"),
}
STATUS_KINDS = {"listed": "", "assembling": "info", "built": "warn", "accepted": "ok", "replaced": "", "disposed": ""}


@blueprint.get("/archives")
def index() -> str:
    running_out = request.args.get("running_out") == "1"
    page = office().files_of_record.kept(
        actor=acting(), running_out=running_out, limit=PAGE_SIZE, after=request.args.get("after")
    )
    kept = {"running_out": "1"} if running_out else {}
    return render_template("archives/index.html", page=page, kept=kept, statuses=STATUSES, status_kinds_of=STATUS_KINDS)


@blueprint.get("/purchases/<number>/file")
def file(number: str) -> str:
    volumes = office().files_of_record.volumes(number, actor=acting())
    learn(one.accepted_by for one in volumes)
    return render_template(
        "archives/file.html",
        number=number,
        purchase=office().purchases.get(number),
        volumes=volumes,
        statuses=STATUSES,
        status_kinds_of=STATUS_KINDS,
        kind_names=words.KINDS,
        may_supplement=office().files_of_record.may_supplement(number, actor=acting()),
        command_id=uuid.uuid4().hex,
        today=office().desk.now().date(),
    )


@blueprint.get("/archives/<file_number>.zip")
def download(file_number: str) -> Response:
    """The archive as it was stored, streamed."""
    reference, content = office().files_of_record.open(file_number, actor=acting())
    answer = Response(content, mimetype=reference.media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename={reference.name}"
    answer.headers["Content-Length"] = str(reference.size)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(reference.sha256)
    return answer


@blueprint.post("/purchases/<number>/file/supplement")
def supplement(number: str) -> Answer:
    """Begin another volume: the file was accepted, then something came."""
    purpose, command_id = request.form.get("purpose", ""), command_ids.sent()
    office().files_of_record.supplement(number, purpose, actor=acting(), command_id=command_id)
    flash(_("已开始另立一卷，请在收件箱办理“整理卷宗”。"), "ok")
    return redirect(url_for("archives.file", number=number), 303)


@blueprint.post("/archives/<file_number>/disposal")
def dispose(file_number: str) -> Answer:
    """销毁: only after the retention period, with the decision it rests on."""
    office().files_of_record.dispose(file_number, request.form.get("reason", ""), actor=acting())
    flash(_("已登记销毁，根和这条记录保留。"), "ok")
    return redirect(url_for("archives.index"), 303)

"""The bid of an organisation: sealed while it arrives, receipted at once, checked by anybody after the deadline."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, FieldError, InvalidInput, NotPermitted
from procurement.office.sealing import MOST_FILES, Offered, Sent
from procurement.registers.sealed_bids import Sender
from web.auth.people import acting, me
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.services import office, services

blueprint = Blueprint("sealed_bids", __name__)
LONGEST_TYPED = 200_000


@blueprint.route("/portal/<number>/sealed-bid", methods=["GET", "POST"])
def bid(number: str) -> Answer:
    if request.method == "GET":
        return _form(number)
    try:
        if request.form.get("promise") != "true":
            raise InvalidInput(fields=(FieldError("promise", "Confirm this to send the bid."),))
        sent = _send(number)
    except (InvalidInput, Conflict, NotPermitted) as error:
        return _form(number, error)
    return _receipt(number, sent)


@blueprint.get("/portal/<number>/opening")
def watch(number: str) -> str:
    view = office().openings.view_of_bidder(number, _organisation(), actor=acting())
    return render_template("sealed/watch.html", view=view, state=url_for("sealed_bids.watch_state", number=number), failed=())


@blueprint.get("/portal/<number>/opening/state")
def watch_state(number: str) -> str:
    view = office().openings.view_of_bidder(number, _organisation(), actor=acting())
    return render_template("sealed/state.html", view=view, state=url_for("sealed_bids.watch_state", number=number), hosting=False)


@blueprint.route("/portal/<number>/hand-in", methods=["GET", "POST"])
def hand_in(number: str) -> Answer:
    """What did not open is handed in again: only what the receipt stands for is taken."""
    view = office().openings.view_of_bidder(number, _organisation(), actor=acting())
    mine = next(one for one in view.bids if one.bid.organisation_id == _organisation())
    problem, status = "", 200
    if request.method == "POST":
        try:
            office().sealing.hand_in(number, _organisation(), record=_record(), files=_offered(), actor=acting())
            flash(_("补交的文件与回执一致，已经开启。"), "ok")
            return redirect(url_for("sealed_bids.watch", number=number), 303)
        except (InvalidInput, Conflict, NotPermitted) as error:
            sentences = (
                [text for texts in field_sentences(error).values() for text in texts] if isinstance(error, InvalidInput) else []
            )
            problem, status = "".join(sentences) or sentence(error), status_of(error)
    return _unkept(render_template("sealed/hand_in.html", view=view, one=mine, problem=problem), status)


@blueprint.route("/receipt-check", methods=["GET", "POST"])
def check() -> str:
    """Anybody, without login: a record, its hash or a receipt number."""
    typed = request.form.get("typed", "")[:LONGEST_TYPED]
    sha256, found = office().sealing.check(typed) if typed.strip() else ("", None)
    return render_template("sealed/check.html", typed=typed, sha256=sha256, found=found)


def _send(number: str) -> Sent:
    return office().sealing.submit(
        number,
        _organisation(),
        price=request.form.get("price", ""),
        note=request.form.get("note", ""),
        files=_offered(),
        command=request.form.get("command", "") or secrets.token_hex(32),
        sender=Sender(request.remote_addr or "", request.user_agent.string),
        actor=acting(),
    )


def _offered() -> list[Offered]:
    uploads = [upload for upload in request.files.getlist("files") if upload.filename]
    return [Offered(_plain(upload.filename or ""), cast("BinaryIO", upload.stream)) for upload in uploads]


def _record() -> str:
    """The record as text or as the file that was downloaded with the receipt."""
    upload = request.files.get("record_file")
    if upload is None or not upload.filename:
        return request.form.get("record", "")
    return upload.stream.read(LONGEST_TYPED).decode("utf-8", "replace")


def _form(number: str, error: InvalidInput | Conflict | NotPermitted | None = None) -> Answer:
    it = office().portal.purchase(number, _organisation(), actor=acting())
    key = office().sealing.key_of(number)
    if key is None:
        return redirect(url_for("supplier.bid", number=number), 303)
    errors: Mapping[str, Sequence[str]] = field_sentences(error) if isinstance(error, InvalidInput) else {}
    html = render_template(
        "sealed/bid.html",
        it=it,
        key=key,
        errors=errors,
        problem=sentence(error) if error and not errors else "",
        typed=request.form,
        command=secrets.token_hex(32),
        most=MOST_FILES,
        limit=services().settings.file_limit // 1024 // 1024,
    )
    return _unkept(html, status_of(error) if error else 200)


def _receipt(number: str, sent: Sent) -> Answer:
    record = base64.b64encode(sent.record.encode()).decode()
    html = render_template("sealed/receipt.html", number=number, sent=sent, record=record, organisation=_own())
    return _unkept(html)


def _own() -> Any:
    return office().parties.organisation(_organisation())


def _unkept(html: str, status: int = 200) -> Response:
    answer = make_response(html, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _organisation() -> str:
    return me().party("organisation") or abort(403)


def _plain(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]

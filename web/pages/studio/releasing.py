"""The release of a draft: what it has passed, when it comes into force, the second person's review, and going back."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import EngineError, FieldError, InvalidInput, NotFound
from procurement.registers.numbers import RELEASE
from procurement.registers.row import OFFICE_ZONE
from procurement.studio.looked import COMPARED, REPLAYED
from procurement.studio.permissions import ROLE, holder_name
from procurement.studio.release.model import DIRECT, PROCESS, REVIEW_TASK, SUBMITTED, URGENT, NotIndependent, Release
from web.auth.people import acting, current_person, me
from web.pages import command_ids
from web.pages.cases.names import person_name
from web.pages.errors import field_sentences, sentence
from web.pages.services import engine, services
from web.pages.studio import migration_ahead
from web.pages.studio.checking import told
from web.pages.studio.release_words import release_words

blueprint = Blueprint("studio_release", __name__, url_prefix="/studio")
CASE_PAGES = {"cases.show", "cases.reasons_of", "cases.history", "cases.documents", "cases.diagram"}
LOOKS = {"studio_compare.show": COMPARED}
Day = TypeVar("Day", bound=dt.date)
Answer = Response | str | tuple[str, int]


@blueprint.before_app_request
def lead_to_the_release() -> Response | None:
    """A release is a case too, but no purchase: what links to its file finds its record here."""
    number = str((request.view_args or {}).get("number", ""))
    if request.endpoint in CASE_PAGES and number.startswith(f"{RELEASE}-"):
        return redirect(url_for("studio_release.release", number=number))
    return None


@blueprint.after_app_request
def remember_looks(answer: Response) -> Response:
    """Whoever opens the comparison has compared, whoever runs a replay has replayed: the list before a release says so."""
    what = LOOKS.get(request.endpoint or "")
    if request.blueprint == "studio_replay" and request.method == "POST":
        what = REPLAYED
    draft = (request.view_args or {}).get("draft")
    if not what or not isinstance(draft, int) or answer.status_code >= 400:
        return answer  # without asking who it is: the answer may be that the database is away
    if (person := current_person()) is not None:
        with contextlib.suppress(NotFound):
            services().studio.looked.mark(draft, what, actor=person.actor)
    return answer


@blueprint.get("/drafts/<int:draft>/release")
def show(draft: int) -> str:
    return _page(draft)


@blueprint.get("/drafts/<int:draft>/release/verdict")
def verdict(draft: int) -> str:
    """The part of the page that takes a moment: checks and every case."""
    studio = services().studio
    found = studio.releases.judge(draft)
    running = [told(one) for one in found.running]
    return render_template("studio/release_verdict.html", verdict=found, running=running, draft=studio.drafts.draft(draft))


@blueprint.get("/drafts/<int:draft>/release/ahead")
def ahead(draft: int) -> str:
    """What moving the running cases to the draft's diagrams would mean."""
    return render_template("studio/release_ahead.html", previews=migration_ahead.of_draft(draft))


@blueprint.post("/drafts/<int:draft>/release")
def submit(draft: int) -> Answer:
    given = {name: request.form.get(name, "").strip() for name in ("reason", "release_at", "trial_until")}
    try:
        release = services().studio.releases.submit(
            draft,
            reason=given["reason"],
            release_at=_moment(given["release_at"]),
            trial_until=_day(given["trial_until"]),
            actor=acting(),
        )
    except InvalidInput as error:
        return _page(draft, given, field_sentences(error), sentence(error)), 422
    flash(_("已提交 %(number)s，等待第二个人复核。", number=release.number), "ok")
    return redirect(url_for("studio_release.show", draft=draft), 303)


@blueprint.post("/drafts/<int:draft>/release/take-back")
def take_back(draft: int) -> Response:
    release = _current(draft)
    services().studio.releases.take_back(release.number, actor=acting())
    flash(_("已撤回，草稿可以继续改。"), "ok")
    return redirect(url_for("studio_release.show", draft=draft), 303)


@blueprint.get("/drafts/<int:draft>/review")
def review(draft: int) -> str:
    return _review_page(draft)


@blueprint.post("/drafts/<int:draft>/review")
def sign(draft: int) -> Answer:
    """Signing completes the task in the inbox, with everything the drawn process does after it."""
    studio, release = services().studio, _current(draft)
    opinion, reason = request.form.get("opinion", ""), request.form.get("reason", "").strip()
    try:
        studio.releases.require_signer(release.number, acting())
        values = {"review_change_opinion": opinion} | ({} if opinion == "agree" else {"review_change_reason": reason})
        command_id = command_ids.sent()
        engine().complete_task(_task(release.number), values, actor=acting(), command_id=command_id)
    except InvalidInput as error:
        return _review_page(draft, field_sentences(error)), 422
    done = studio.releases.release(release.number)
    if done.state == SUBMITTED:
        flash(_("签署没有成立：您改过或提交过这份草稿，或者没有复核的权限。"), "bad")
    else:
        flash(_("已登记您的意见。"), "ok")
    return redirect(url_for("studio_release.show", draft=draft), 303)


@blueprint.get("/releases/<number>")
def release(number: str) -> str:
    """One release as it is on record."""
    studio = services().studio
    found = studio.releases.release(number)
    return render_template(
        "studio/release_record.html",
        release=found,
        words=release_words(),
        versions=migration_ahead.made(found),
        before=_version_before(found),
        may_return=studio.permissions.may,
        actor=acting(),
    )


@blueprint.get("/folders/<folder>/releases")
def of_folder(folder: str) -> str:
    """The part of a folder's page that tells every release, and who may do what."""
    studio = services().studio
    table = {
        one.action: "、".join(_called(holder) for holder in one.holders) or "—" for one in studio.permissions.table([folder])
    }
    return render_template(
        "studio/folder_releases.html",
        releases=studio.releases.of_folder(folder),
        words=release_words(),
        may_edit=table["edit"],
        may_review=table["review"],
        may_release=table["release"],
    )


@blueprint.post("/releases/<number>/return")
def begin_return(number: str) -> Response:
    made = services().studio.roll_backs.begin_return(number, actor=acting())
    flash(_("已建立回退的草稿：看过以后提交，由第二个人复核。"), "ok")
    return redirect(url_for("studio_release.show", draft=made.key), 303)


@blueprint.post("/releases/<number>/return-now")
def return_now(number: str) -> Response:
    made = services().studio.roll_backs.return_now(number, reason=request.form.get("reason", ""), actor=acting())
    flash(_("已紧急回退，登记为 %(number)s，标明未经复核。", number=made.number), "warn")
    return redirect(url_for("studio_release.release", number=made.number), 303)


@blueprint.get("/news")
def news() -> str:
    """The part of the studio's front: what waits for a review, what came past it, what the software brought."""
    studio = services().studio
    newest = studio.releases.newest(30)
    return render_template(
        "studio/news.html",
        under_way=[one for one in newest if one.is_under_way],
        unreviewed=[one for one in newest if one.released_at and not one.reviewed and one.kind in (DIRECT, URGENT)][:5],
        offered=studio.shipping.offered(),
        words=release_words(),
    )


@blueprint.post("/shipped")
def shipped() -> Response:
    """A draft of what a newer version of the software brought and the office's own version stands against."""
    made = services().studio.shipping.offer(actor=acting())
    flash(_("已把新版本带来的改动放进草稿：逐个对比，要的留下，不要的还原。"), "ok")
    return redirect(url_for("studio.edit", draft=made.key), 303)


def _page(draft: int, given: dict[str, str] | None = None, errors: dict[str, list[str]] | None = None, problem: str = "") -> str:
    studio = services().studio
    found = studio.drafts.draft(draft)
    releases = studio.releases.of_draft(draft)
    content = studio.releases.content(draft)
    folders = sorted({path.split("/")[1] for path in content} | {found.folder})
    return render_template(
        "studio/release.html",
        draft=found,
        content=content,
        current=releases[0] if releases else None,
        releases=releases,
        others=studio.releases.others(draft, folders),
        reviewers=[user for user in studio.releases.reviewers(draft) if user.login != me().login],
        looks=studio.looked.of(draft),
        words=release_words(),
        given=given or {"reason": found.reason},
        errors=errors or {},
        problem=problem,
        may_submit=found.is_open and all(studio.permissions.may(acting(), folder, "edit") for folder in folders),
        versions=migration_ahead.made(releases[0]) if releases else [],
    )


def _review_page(draft: int, errors: dict[str, list[str]] | None = None) -> str:
    studio, release = services().studio, _current(draft)
    refused = ""
    try:
        studio.releases.require_signer(release.number, acting())
    except NotIndependent:
        refused = _("您改过或提交过这份草稿，要由别人复核；管理员也不例外。")
    except EngineError as error:
        refused = sentence(error)
    return render_template(
        "studio/review.html",
        draft=studio.drafts.draft(draft),
        release=release,
        refused=refused,
        looks=studio.looked.of(draft),
        words=release_words(),
        given=request.form,
        errors=errors or {},
        command_id=uuid.uuid4().hex,
    )


def _version_before(found: Release) -> int | None:
    """The deployment that was in force in the folder until this release; None when it was the first."""
    history = [one.deployment_key for one in services().studio.shelf.history(found.folder)] if found.folder else []
    if found.deployment_key not in history:
        return None
    older = history[history.index(found.deployment_key) + 1 :]
    return older[0] if older else None


def _called(holder: str) -> str:
    return holder_name(holder) if holder.startswith(ROLE) else person_name(holder)


def _current(draft: int) -> Release:
    found = services().studio.releases.current(draft)
    if found is None:
        raise NotFound(kind="Release", key=draft)
    return found


def _task(number: str) -> int:
    found = engine().tasks(business_key=number, process_id=PROCESS, element_id=REVIEW_TASK, limit=1).items
    if not found:
        raise NotFound(kind="Task", key=number)
    return int(found[0].key)


def _moment(text: str) -> dt.datetime | None:
    """A date and time of the office; nothing means as soon as possible. Raises InvalidInput."""
    return _read(text, "release_at", lambda given: dt.datetime.fromisoformat(given).replace(tzinfo=OFFICE_ZONE))


def _day(text: str) -> dt.date | None:
    return _read(text, "trial_until", dt.date.fromisoformat)


def _read(text: str, field: str, read: Callable[[str], Day]) -> Day | None:
    try:
        return read(text) if text else None
    except ValueError:
        raise InvalidInput(
            fields=(FieldError(field, "{given} is not a date. Choose one from the calendar.", {"given": text[:40]}),)
        ) from None

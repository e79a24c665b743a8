"""The files of a draft as the editors ask for them: list, read, save, take, revert; versions; who else is there. All JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from engine.errors import InvalidInput
from procurement.studio.model import Draft, DraftFile, Edit
from procurement.studio.titles import title_of
from web.auth.people import acting
from web.pages.cases.names import person_name
from web.pages.services import services
from web.pages.studio.answering import json_answers, sent, text_in

blueprint = Blueprint("studio_files", __name__, url_prefix="/studio/drafts/<int:draft>")
Values = dict[str, Any]


@blueprint.get("/files")
@json_answers
def files(draft: int) -> Values:
    studio = services().studio
    found, seen = studio.drafts.draft(draft), studio.drafts.workspace(draft)
    listed = [_file(one) | {"title": title_of(one.path, seen.get(one.path, b""))} for one in studio.drafts.files(draft)]
    return {"draft": _draft(found), "files": listed}


@blueprint.get("/file")
@json_answers
def read(draft: int) -> Values:
    """?path=: the newest version with its text."""
    path = request.args.get("path", "")
    drafts = services().studio.drafts
    found = drafts.file(draft, path)
    text = None if found.sha256 is None else drafts.content(draft, path).decode("utf-8", "replace")
    return _file(found) | {"content": text}


@blueprint.post("/file")
@json_answers
def save(draft: int) -> Values:
    """{path, content (null deletes), base} → the file as it is now; 409 with ``theirs`` when somebody else saved meanwhile."""
    body = sent()
    content, base = body.get("content"), body.get("base")
    if not isinstance(content, str | None) or not isinstance(base, str | None):
        raise InvalidInput("What the page sent cannot be read. Reload the page and try again.")
    saved = services().studio.drafts.save(
        draft, text_in(body, "path"), None if content is None else _bytes(content), base=base, actor=acting()
    )
    return _file(saved) | {"at": saved.changed_at.isoformat() if saved.changed_at else None}


@blueprint.get("/shelf")
@json_answers
def shelf(draft: int) -> Values:
    """?path=: the text in force now, null where there is none."""
    studio, path = services().studio, request.args.get("path", "")
    studio.drafts.draft(draft)
    text = studio.shelf.content(path).decode("utf-8", "replace") if path in studio.shelf.digests() else None
    return {"path": path, "content": text}


@blueprint.post("/new")
@json_answers
def add(draft: int) -> Values:
    """{kind, name, title}: a new file of the home folder with the least in it."""
    body = sent()
    kind, name, title = (text_in(body, field) for field in ("kind", "name", "title"))
    return _file(services().studio.drafts.add(draft, kind, name.strip(), title, actor=acting()))


@blueprint.get("/others")
@json_answers
def others(draft: int) -> Values:
    """The files of other folders that may be taken into the draft."""
    studio = services().studio
    listed = {one.path for one in studio.drafts.files(draft)}
    return {"files": [{"path": p, "title": title_of(p, c)} for p, c in studio.shelf.files().items() if p not in listed]}


@blueprint.post("/take")
@json_answers
def take(draft: int) -> Values:
    return _file(services().studio.drafts.take(draft, text_in(sent(), "path"), actor=acting()))


@blueprint.post("/revert")
@json_answers
def revert(draft: int) -> Values:
    services().studio.drafts.revert(draft, text_in(sent(), "path"), actor=acting())
    return {}


@blueprint.post("/keep-mine")
@json_answers
def keep_mine(draft: int) -> Values:
    return _file(services().studio.drafts.keep_mine(draft, text_in(sent(), "path"), actor=acting()))


@blueprint.get("/versions")
@json_answers
def versions(draft: int) -> Values:
    """?path=: every version saved, newest first."""
    found = services().studio.drafts.edits(draft, request.args.get("path") or None)
    return {"versions": [_edit(draft, one) for one in found]}


@blueprint.get("/versions/<int:edit>")
@json_answers
def version(draft: int, edit: int) -> Values:
    found, content = services().studio.drafts.edit_content(draft, edit)
    return _edit(draft, found) | {"content": None if content is None else content.decode("utf-8", "replace")}


@blueprint.post("/presence")
@json_answers
def presence(draft: int) -> Values:
    """{window, path, leaving} → who else is in the draft."""
    body, studio = sent(), services().studio
    window = text_in(body, "window")
    if body.get("leaving"):
        studio.presence.left(draft, window)
        return {"others": [], "revision": 0}
    others = studio.presence.seen(draft, window, text_in(body, "path"), actor=acting())
    found = [{"login": one.login, "name": person_name(one.login), "path": one.path} for one in others]
    return {"others": found, "revision": studio.drafts.draft(draft).revision}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # half a character is told as no text, not as a fault


def _draft(one: Draft) -> Values:
    return {"key": one.key, "folder": one.folder, "title": one.title, "state": one.state, "revision": one.revision}


def _file(one: DraftFile) -> Values:
    return {
        "path": one.path,
        "kind": one.kind,
        "state": one.state,
        "sha256": one.sha256,
        "base_sha256": one.base_sha256,
        "shelf_sha256": one.shelf_sha256,
        "moved": one.shelf_moved,
        "by": person_name(one.changed_by) if one.changed_by else None,
        "changed_at": one.changed_at.isoformat() if one.changed_at else None,
    }


def _edit(draft: int, one: Edit) -> Values:
    return {
        "id": one.id,
        "path": one.path,
        "sha256": one.sha256,
        "by": person_name(one.by),
        "at": one.at.isoformat(),
        "accepted": one.accepted,
        "address": url_for("studio_files.version", draft=draft, edit=one.id),
    }

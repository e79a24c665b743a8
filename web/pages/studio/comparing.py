"""Two states of a folder side by side: what is new, gone, different or only moved; who changed it, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from engine import drawing
from engine.comparing import ADDED, CHANGED, MOVED, REMOVED, FileComparison
from engine.errors import NotFound
from engine.sandbox import Project
from procurement.studio.comparing import FORCE, Comparison, State
from procurement.studio.titles import title_of
from web.pages.cases.names import person_name
from web.pages.services import services
from web.pages.show import moment

blueprint = Blueprint("studio_compare", __name__, url_prefix="/studio")
PRINTED = {ADDED: "done", REMOVED: "incident", CHANGED: "waiting"}  # marks of engine.drawing
SIGNS = {ADDED: "＋", REMOVED: "－", CHANGED: "～", MOVED: "↔"}


@dataclass(frozen=True)
class DrawnPair:
    """A diagram that is different: addresses of both XML files (None: no such file), and marks by element id."""

    file: FileComparison
    left: str | None
    right: str | None
    marks: dict[str, Any]
    pictures: tuple[str | None, str | None]


@blueprint.get("/drafts/<int:draft>/compare")
def show(draft: int) -> str:
    """?left= and ?right=: force, draft-<key> or version-<deployment key>."""
    studio = services().studio
    found = studio.drafts.draft(draft)
    comparison = _comparison(draft)
    choices = [(one.name, state_words(one)) for one in studio.compare.choices(found)]
    return render_template("studio/compare.html", draft=found, choices=choices, **_shown(draft, comparison))


@blueprint.get("/drafts/<int:draft>/compare/part")
def part(draft: int) -> str:
    """The same without its frame, as part of another page."""
    return render_template(
        "studio/comparison_part.html", draft=services().studio.drafts.draft(draft), **_shown(draft, _comparison(draft))
    )


@blueprint.get("/drafts/<int:draft>/compare/file")
def file(draft: int) -> Response:
    """?of= a state, ?path= a diagram: its XML as text for the viewer, never as a page."""
    answer = Response(_content(draft), mimetype="text/plain")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@blueprint.get("/drafts/<int:draft>/compare/picture")
def picture(draft: int) -> Response:
    """The diagram as SVG with its marks, for print and without scripts."""
    name, path = request.args.get("of", ""), request.args.get("path", "")
    content = _content(draft)
    comparison = _comparison(draft)
    changed = next((one for one in comparison.files if one.path == path), None)
    marks = _print_marks(changed, is_left=name == comparison.left.name) if changed else {}
    state = services().studio.compare.state(name, services().studio.drafts.draft(draft).folder)
    process = next((id_ for id_, home in Project(state.files, services().studio.feel).diagrams.items() if home == path), "")
    return Response(drawing.picture(content, process, file=path, marks=marks), mimetype="image/svg+xml")


def state_words(state: State) -> str:
    """What a side is called."""
    if state.kind == FORCE:
        return _("现行版本")
    if state.kind == "draft":
        return _("草稿 %(title)s", title=state.title)
    return _("%(at)s 部署的版本 %(note)s", at=moment(state.at), note=f"（{state.note[:40]}）" if state.note else "").strip()


def _comparison(draft: int) -> Comparison:
    return services().studio.compare.of_draft(draft, request.args.get("left") or FORCE, request.args.get("right", ""))


def _content(draft: int) -> bytes:
    """Raises NotFound."""
    studio = services().studio
    path = request.args.get("path", "")
    state = studio.compare.state(request.args.get("of", ""), studio.drafts.draft(draft).folder)
    if path not in state.files:
        raise NotFound(kind="File", key=path[:200])
    return state.files[path]


def _shown(draft: int, comparison: Comparison) -> dict[str, Any]:
    by = list(dict.fromkeys(person_name(edit.by) for edit in comparison.edits if edit.accepted))
    return {
        "comparison": comparison,
        "left_words": state_words(comparison.left),
        "right_words": state_words(comparison.right),
        "titles": {one.path: _title(comparison, one.path) for one in comparison.files},
        "pairs": {one.path: _pair(draft, comparison, one) for one in comparison.files if one.kind == "diagram" and not one.lines},
        "signs": SIGNS,
        "editors": by,
    }


def _title(comparison: Comparison, path: str) -> str:
    content = comparison.right.files.get(path, comparison.left.files.get(path, b""))
    return title_of(path, content) or path.rsplit("/", 1)[-1]


def _pair(draft: int, comparison: Comparison, file: FileComparison) -> DrawnPair:
    sides = [state if file.path in state.files else None for state in (comparison.left, comparison.right)]
    left_name, right_name = comparison.left.name, comparison.right.name

    def address(endpoint: str, state: State | None) -> str | None:
        if state is None:
            return None
        return url_for(endpoint, draft=draft, of=state.name, path=file.path, left=left_name, right=right_name)

    left, right = (address("studio_compare.file", state) for state in sides)
    pictures = (address("studio_compare.picture", sides[0]), address("studio_compare.picture", sides[1]))
    return DrawnPair(file, left, right, _marks(file), pictures)


def _marks(file: FileComparison) -> dict[str, Any]:
    """By side and element id: the kind of change."""
    left = {change.before_id: change.kind for change in file.changes if change.before_id}
    right = {change.id: change.kind for change in file.changes if change.id}
    return {"left": left, "right": right, "signs": SIGNS}


def _print_marks(file: FileComparison, *, is_left: bool) -> dict[str, str]:
    found = _marks(file)["left" if is_left else "right"]
    return {id_: PRINTED[kind] for id_, kind in found.items() if kind in PRINTED}

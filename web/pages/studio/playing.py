"""Play a draft in the page: nothing is kept here, the run comes with every request and is played from its beginning."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import EngineError, InvalidInput, NotFound
from engine.sandbox import CaseFileInvalid, Sandbox, read_values, yaml_text
from engine.sandbox.case_writer import raw_of
from engine.sandbox.expectations import differences
from procurement.studio import runs, saving
from procurement.studio.model import Draft
from procurement.studio.playing import sandbox
from procurement.studio.proposals import Start, start_of
from procurement.studio.runs import Sheet
from web.auth.people import acting, me
from web.pages.errors import field_sentences, sentence
from web.pages.forms import posted
from web.pages.forms.tokens import FileTokens
from web.pages.htmx import fragment, go_to, is_fragment_request
from web.pages.operate.causes import in_words
from web.pages.services import services
from web.pages.studio import play_cases
from web.pages.studio.play_acts import Act, typed_values
from web.pages.studio.play_view import PlayView, notes

blueprint = Blueprint("studio_play", __name__, url_prefix="/studio")
blueprint.add_url_rule("/drafts/<int:draft>/cases", "cases", play_cases.show)
blueprint.add_url_rule("/drafts/<int:draft>/cases/accept", "accept", play_cases.accept, methods=["POST"])
blueprint.add_app_template_filter(yaml_text, "as_yaml")
blueprint.add_app_template_filter(runs.write, "as_run")
blueprint.add_app_template_filter(notes, "notes")


@blueprint.get("/drafts/<int:draft>/play")
def show(draft: int) -> str:
    """?case=&n= begins with a case's steps; ?process= with its first variables."""
    found, playground = opened(draft)
    path = request.args.get("case")
    if path:
        return _page(found, played_case(found, playground, path, request.args.get("n", 0, type=int)))
    return _begin(found, playground)


@blueprint.post("/drafts/<int:draft>/play")
def act(draft: int) -> str | Response:
    """One press of a button; ``_run`` is the run so far."""
    found, playground = opened(draft)
    verb, _sep, about = request.form.get("_do", "look").partition(":")
    if verb == "edit":
        return _answered(_begin(found, playground, sheet=runs.read(request.form.get("_run", "{}"))))
    try:
        if verb == "start":
            return _answered(_page(found, view(found, playground, _started())))
        sheet = runs.read(request.form.get("_run", "{}"))
        return _answered(_page(found, _acted(found, playground, sheet, verb, about)))
    except CaseFileInvalid as error:
        return _answered(_begin(found, playground, problem=sentence(error)))


@blueprint.post("/drafts/<int:draft>/play/form")
def form(draft: int) -> Response:
    """What looks different in the open form after what was just typed, exactly as approvers get it."""
    found, playground = opened(draft)
    shown = view(found, playground, runs.read(request.form.get("_run", "{}")))
    shown.opened = request.form.get("_task", "")
    if shown.selected is None or shown.selected.form_id is None:
        raise NotFound(kind="Task", key=shown.opened)
    shown.values = posted.tree(typed_values(playground.project.form(shown.selected.form_id), tokens()))
    assert shown.form is not None
    changed = shown.form.changed(posted.seen(request.form))
    return fragment(render_template("studio/play_changes.html", view=shown.form, changed=changed))


@blueprint.post("/drafts/<int:draft>/play/save")
def save(draft: int) -> str | Response:
    """The run as a case in the draft."""
    found, playground = opened(draft)
    shown = view(found, playground, runs.read(request.form.get("_run", "{}")))
    try:
        case = saving.case_of_form(shown.sheet, request.form)
        path = saving.add_case(services().studio, found, playground.project, case, request.form.get("_case_file", ""), acting())
    except EngineError as error:
        shown.problem = sentence(error)
        return _answered(_page(found, shown))
    flash(_("已存进草稿：%(path)s", path=path), "ok")
    return go_to(url_for("studio_play.cases", draft=draft))


def opened(draft: int) -> tuple[Draft, Sandbox]:
    """The draft, and a sandbox over what lies in it now."""
    studio = services().studio
    return studio.drafts.draft(draft), sandbox(studio.drafts.workspace(draft), studio.feel)


def tokens() -> FileTokens:
    return FileTokens(services().settings.secret_key, me().login)


def view(draft: Draft, playground: Sandbox, sheet: Sheet, **more: Any) -> PlayView:
    """The run played from its beginning."""
    case = runs.case_of(sheet)
    played = playground.play(case)
    shown = PlayView(draft.key, sheet, played, playground.project, tokens(), **more)
    if case.expect and "file" in sheet:
        shown.differences = differences(played, playground.project)
    return shown


def played_case(draft: Draft, playground: Sandbox, path: str, number: int) -> PlayView:
    """A case of the draft, played to its end. Raises NotFound, CaseFileInvalid."""
    if path not in playground.project.case_files():
        raise NotFound(kind="File", key=path)
    found = playground.project.cases_of(path)
    if not 0 <= number < len(found) or not hasattr(found[number], "process"):
        raise NotFound(kind="Case", key=f"{path}#{number}")
    return view(draft, playground, raw_of(found[number]) | {"file": path})  # type: ignore[arg-type]  # a process's, as asked


def _acted(draft: Draft, playground: Sandbox, sheet: Sheet, verb: str, about: str) -> PlayView:
    how = {"who": request.form.get("_who", ""), "shown": request.form.get("_shown", ""), "opened": request.form.get("_task", "")}
    before = view(draft, playground, sheet, **how)
    if verb == "open":
        before.opened = about
        return before
    pressed = posted.pressed(request.form).verb
    if verb == "look" and pressed in {"add", "drop", "unfile"} and before.selected and before.selected.form_id:
        before.values = posted.tree(typed_values(playground.project.form(before.selected.form_id), tokens()))
        return before
    doing = Act(playground, sheet, before.played, tokens(), verb, about)
    try:
        after = doing.done()
    except (InvalidInput, NotFound, IndexError) as error:
        return _refused(before, doing, error)
    if doing.errors:
        before.errors, before.values, before.opened = doing.errors, posted.tree(doing.values or {}), about
        return before
    if after is sheet:
        return before
    shown = view(draft, playground, after, **how)
    stop = shown.played.stop
    if stop is not None and stop.kind == "step" and len(after.get("steps", [])) > len(sheet.get("steps", [])):
        before.problem = in_words(stop.message)  # the step itself cannot be done: the run stays as it was
        return before
    return shown


def _refused(before: PlayView, doing: Act, error: Exception) -> PlayView:
    before.values = posted.tree(doing.values) if doing.values is not None else None
    if isinstance(error, EngineError):
        fields = field_sentences(error) if isinstance(error, InvalidInput) else {}
        before.problem = " ".join([sentence(error), *(text for texts in fields.values() for text in texts)])
    else:
        before.problem = sentence(InvalidInput("This is not there any more. Look where the run stands now."))
    return before


def _started() -> Sheet:
    """What the first page says. Raises CaseFileInvalid, InvalidInput."""
    sent = request.form
    clock = sent.get("_clock", "").strip()
    sheet: Sheet = {
        "process": sent.get("_process", ""),
        "clock": f"{clock}:00+08:00" if len(clock) == len("2026-03-02T09:00") else clock,
        "variables": read_values(sent.get("_variables", ""), "_variables"),
    }
    if start := sent.get("_start", ""):
        sheet["start"] = start
    stubs: dict[str, Any] = {}
    for name in sent:
        called = name.removeprefix("_called_")
        how = sent[name]
        if called != name and how != "inside":
            stubs[called] = "waits" if how == "waits" else read_values(sent.get(f"_stub_{called}", ""), called)
    sheet |= {"stubs": stubs} if stubs else {}
    if kept := sent.get("_run"):
        old = runs.read(kept)
        sheet |= {name: old[name] for name in ("operations", "name", "file") if name in old}
    runs.case_of(sheet)
    return sheet


def _begin(draft: Draft, playground: Sandbox, *, sheet: Sheet | None = None, problem: str = "") -> str:
    project = playground.project
    own = [name for name, path in project.diagrams.items() if path.split("/")[1] == draft.folder]
    others = [name for name in project.diagrams if name not in own]
    wanted = (sheet or {}).get("process") or request.values.get("_process") or next(iter([*own, *others]), "")
    file, _sep, number = request.values.get("_case", "").rpartition("#")
    start: Start | None = None
    try:
        start = start_of(project, wanted, (file, int(number)) if file and number.isdecimal() else None)
    except EngineError as error:
        problem = problem or in_words(str(error))
    return render_template(
        "studio/play_start.html" if is_fragment_request() else "studio/play.html",
        draft=draft,
        start=start,
        sheet=sheet,
        wanted=wanted,
        own=own,
        others=others,
        problem=problem,
        project=project,
        typed=request.form,
        chosen_case=request.values.get("_case", ""),
        view=None,
    )


def _page(draft: Draft, shown: PlayView) -> str:
    template = "studio/play_panel.html" if is_fragment_request() else "studio/play.html"
    return render_template(template, draft=draft, view=shown)


def _answered(html: str) -> str | Response:
    return fragment(html) if is_fragment_request() else html

"""What the editors in the browser ask for: element templates, functions of the expression language, the preview of a form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify

from engine.feel.builtins import BUILTINS
from engine.feel.reference_words import MEANINGS
from procurement.calendar import EXTENSIONS
from procurement.studio.templates import templates
from web.pages.registers.rules import tables_in_force
from web.pages.services import services
from web.pages.studio.answering import json_answers, sent
from web.pages.studio.form_preview import preview

blueprint = Blueprint("studio_editors", __name__, url_prefix="/studio")


@blueprint.get("/templates.json")
def element_templates() -> Response:
    """The parameters offered are those of the tables in force now."""
    return jsonify(templates({table.id: [(n.id, n.text) for n in table.numbers] for table in tables_in_force()}))


@blueprint.get("/functions.json")
def functions() -> Response:
    """Every function a FEEL field may call: [{name, params: [{name}], text}]; ``params`` are those that must be given."""
    return jsonify([*_standard(), *_ours()])


@blueprint.post("/drafts/<int:draft>/form-preview")
@json_answers
def form_preview(draft: int) -> dict[str, Any]:
    """The form in the body as the people will see it who fill it in, see web.pages.studio.form_preview."""
    drafts = services().studio.drafts
    return preview(sent(), drafts.workspace(draft), drafts.draft(draft).folder)


def _standard() -> Iterator[dict[str, Any]]:
    for function in BUILTINS.values():
        needed = [parameter.name for parameter in function.signatures[0].parameters if not parameter.optional]
        ways = "\n".join(signature.text for signature in function.signatures)
        text = f"{MEANINGS[function.name]}\n{ways}"
        yield {"name": function.name, "params": [{"name": name} for name in needed], "text": text}


def _ours() -> Iterator[dict[str, Any]]:
    for extension in EXTENSIONS:
        names = [parameter.partition(":")[0] for parameter in extension.parameters]
        text = f"{extension.doc}\n{extension.example}"
        yield {"name": extension.name, "params": [{"name": name} for name in names], "text": text}

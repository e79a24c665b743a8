"""What the diagrams of a deployment name must be there when they run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from engine import json_codec
from engine.commands.uploads import Draft
from engine.errors import Problem
from engine.spiff import Reference
from engine.store import definitions

Drafts = Mapping[tuple[str, str], Draft]

MISSING = {
    "latest": "The {kind} {id} is neither among these files nor deployed. Add its file, or correct the id.",
    "deployment": "The {kind} {id} is bound to this deployment, but is not among these files. Add its file, or bind the latest version.",
    "versionTag": "There is no {kind} {id} with the version tag {tag}. Deploy that version, or correct the tag.",
}


def missing(session: Session, drafts: Sequence[Draft]) -> list[Problem]:
    """A problem for each reference nothing stands behind. What FEEL works out while running is not known yet."""
    among = by_id(drafts)
    return [
        _problem(draft, kind, reference)
        for draft in drafts
        for kind, reference in draft.references()
        if reference.id is not None and not _is_there(session, among, kind, reference)
    ]


def by_id(drafts: Sequence[Draft]) -> dict[tuple[str, str], Draft]:
    return {(draft.kind, draft.id): draft for draft in drafts}


def bound_together(draft: Draft, among: Drafts) -> str:
    """Digest of all files that ``draft`` binds of its own deployment, directly or through what it binds.

    A diagram whose file did not change is another version when a form it is bound to did.
    """
    files: dict[str, str] = {}
    pending = [draft]
    while pending:
        for kind, reference in pending.pop().references():
            target = among.get((kind, reference.id or ""))
            name = f"{kind} {reference.id}"
            if reference.binding.kind == "deployment" and target is not None and name not in files:
                files[name] = target.sha256
                pending.append(target)
    return json_codec.digest(files) if files else ""


def _is_there(session: Session, among: Drafts, kind: str, reference: Reference) -> bool:
    id_, binding = str(reference.id), reference.binding
    draft = among.get((kind, id_))
    if binding.kind == "deployment":
        return draft is not None
    if binding.kind == "latest":
        return draft is not None or definitions.latest(session, kind, id_) is not None
    tag = binding.version_tag or ""
    return (draft is not None and draft.version_tag == tag) or definitions.tagged(session, kind, id_, tag) is not None


def _problem(draft: Draft, kind: str, reference: Reference) -> Problem:
    params = {"kind": kind, "id": reference.id, "tag": reference.binding.version_tag or ""}
    return Problem(draft.resource.name, reference.line, reference.element_id, MISSING[reference.binding.kind], params)

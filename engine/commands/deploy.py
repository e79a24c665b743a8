"""Deploy diagrams, tables and forms together: all of them or, with every problem named, none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from engine.commands import references, uploads
from engine.commands.repeating import repeated
from engine.commands.start_timers import start_timer
from engine.commands.uploads import Draft
from engine.commands.workshop import Workshop
from engine.errors import DefinitionInvalid, Problem
from engine.model import Actor, Definition, Deployment, Resource
from engine.spiff import ProcessModel
from engine.store import definitions, pictures, subscriptions, system_chain, timers
from engine.store.unit_of_work import UnitOfWork

Beside = Callable[[Session, Deployment], None]  # in the transaction of the deployment, before it is committed


def check(workshop: Workshop, resources: Sequence[Resource]) -> tuple[Problem, ...]:
    """Everything that would refuse the deployment (severity error) or is worth knowing (warning), in the files' order."""
    drafts, problems = uploads.read(resources, workshop.feel)
    with workshop.database.unit_of_work() as uow:
        problems += references.missing(uow.session, drafts)
    return tuple(sorted(problems))


def deploy(
    workshop: Workshop, resources: Sequence[Resource], *, actor: Actor, note: str = "", beside: Beside | None = None
) -> Deployment:
    """Each changed definition gets the next version; unchanged ones keep theirs. What ``beside`` does is committed with it.

    Raises DefinitionInvalid, NotPermitted, and what ``beside`` raises: then nothing is deployed.
    """
    workshop.duties.require_designer(actor)
    drafts, problems = uploads.read(resources, workshop.feel)
    return repeated(workshop.database, lambda: _deploy(workshop, resources, drafts, problems, actor, note, beside))


def _deploy(
    workshop: Workshop,
    resources: Sequence[Resource],
    drafts: list[Draft],
    problems: list[Problem],
    actor: Actor,
    note: str,
    beside: Beside | None,
) -> Deployment:
    with workshop.database.unit_of_work() as uow:
        deployment, models = _deploy_in(workshop, uow, resources, drafts, problems, actor.user_id, note)
        if beside is not None:
            beside(uow.session, deployment)
        if models or beside is not None:
            uow.commit()
    for definition, model in models:
        if model is not None:
            workshop.catalogue.remember(definition, model)
    return deployment


def within(workshop: Workshop, uow: UnitOfWork, resources: Sequence[Resource], *, by: str, note: str) -> Deployment:
    """The same inside a transaction that somebody else commits, or undoes with everything else. Raises DefinitionInvalid."""
    drafts, problems = uploads.read(resources, workshop.feel)
    return _deploy_in(workshop, uow, resources, drafts, problems, by, note)[0]


def _deploy_in(
    workshop: Workshop,
    uow: UnitOfWork,
    resources: Sequence[Resource],
    drafts: list[Draft],
    problems: list[Problem],
    by: str,
    note: str,
) -> tuple[Deployment, list[tuple[Definition, ProcessModel | None]]]:
    """What was deployed, and each definition that is new with its model if it is a process. Nothing is committed."""
    definitions.lock_deploying(uow.session)
    problems = sorted([*problems, *references.missing(uow.session, drafts)])
    errors = tuple(problem for problem in problems if problem.severity == "error")
    if errors:
        raise DefinitionInvalid(errors)
    at = workshop.clock.now()
    deployment = Deployment(uow.new_key(), at, by, note, (), tuple(problems))
    members, made = _versions(uow, drafts, deployment)
    if not made:  # nothing new: the deployment is the newest one there was
        newest = max(members, key=lambda one: one.deployment_key)
        known = replace(deployment, key=newest.deployment_key, deployed_at=newest.deployed_at, definitions=tuple(members))
        return replace(known, generation=definitions.generation(uow.session)), []
    definitions.keep_deployment(uow.session, deployment.key, at, by, note)
    definitions.keep_resources(uow.session, [resource.content for resource in resources])
    among = references.by_id(drafts)
    models: list[tuple[Definition, ProcessModel | None]] = []
    for definition in made:
        draft = among[definition.kind, definition.id]
        definitions.keep_definition(uow.session, definition, draft.sha256, references.bound_together(draft, among))
        models.append((definition, draft.model))
        if draft.model is not None:
            _listen(uow, definition, draft.model, at)
            drawn = workshop.draw(draft.resource.content, draft.id) if workshop.draw is not None else None
            if drawn is not None:
                pictures.keep(uow.session, definition.key, drawn)
    definitions.keep_members(uow.session, deployment.key, members)
    told = {"note": note, "deployment": deployment.key, "made": [f"{one.kind} {one.id} {one.version}" for one in made]}
    system_chain.append(uow, "deployment", told, at=at, actor=by)
    return replace(deployment, definitions=tuple(members), generation=definitions.generation(uow.session)), models


def _versions(uow: UnitOfWork, drafts: list[Draft], deployment: Deployment) -> tuple[list[Definition], list[Definition]]:
    """All definitions the deployment consists of, and those of them that are new."""
    among = references.by_id(drafts)
    members, made = [], []
    for draft in drafts:
        known = definitions.latest(uow.session, draft.kind, draft.id)
        if known is not None and _is_unchanged(uow.session, known, draft, references.bound_together(draft, among)):
            members.append(known)
            continue
        definition = Definition(
            key=uow.new_key(),
            kind=draft.kind,
            id=draft.id,
            version=known.version + 1 if known else 1,
            name=draft.name,
            version_tag=draft.version_tag,
            resource_name=draft.resource.name,
            deployment_key=deployment.key,
            deployed_at=deployment.deployed_at,
        )
        members.append(definition)
        made.append(definition)
    return members, made


def _is_unchanged(session: Session, known: Definition, draft: Draft, bound: str) -> bool:
    return definitions.fingerprint(session, known.key) == (draft.sha256, bound)


def _listen(uow: UnitOfWork, definition: Definition, model: ProcessModel, at: dt.datetime) -> None:
    """Start events that wait for time, messages or signals: those of the newest version only."""
    older = definitions.keys_of(uow.session, "process", definition.id)
    timers.forget_starts(uow, older)
    subscriptions.forget_starts(uow, older)
    for event in model.start_events:
        if event.kind == "timer":
            timers.keep_start(uow, start_timer(uow.new_key(), definition.key, event.element_id, event.first_due(at)))
        elif event.kind in {"message", "signal"} and event.name is not None:
            subscriptions.keep_start(uow, event.kind, event.name, definition, event.element_id, at)

"""Deploying, checking and asking definitions: processes, decisions and forms."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine import drawing
from engine.commands import deploy, evaluate_decision, picture_definition
from engine.dmn import load
from engine.dmn.replay import ReplayReport
from engine.errors import NotFound, Problem
from engine.facade.part import Part, Values
from engine.forms import Form
from engine.model import Actor, DecisionOutcome, DeployedDefinition, Deployment, Resource
from engine.queries import deployed, past_decisions
from engine.spiff import ProcessModel
from engine.store import definitions


class Definitions(Part):
    """Deploying, checking and asking definitions: processes, decisions and forms."""

    def deploy(
        self, resources: Sequence[Resource], *, actor: Actor, note: str = "", beside: deploy.Beside | None = None
    ) -> Deployment:
        """``beside``: what the caller writes in the same transaction. Raises DefinitionInvalid, NotPermitted."""
        return deploy.deploy(self._workshop, resources, actor=actor, note=note, beside=beside)

    def check(self, resources: Sequence[Resource]) -> tuple[Problem, ...]:
        return deploy.check(self._workshop, resources)

    def generation(self) -> int:
        """Rises with every deployment; 0 before the first."""
        with self._reading() as session:
            return deployed.generation(session)

    def deployed(self, after: int = 0) -> list[DeployedDefinition]:
        """Every version made by deployments after generation ``after``, oldest first, without the files."""
        with self._reading() as session:
            return deployed.deployed(session, after)

    def deployed_files(self, digests: Collection[str]) -> dict[str, bytes]:
        """Deployed files by SHA-256; one that is not there is left out."""
        with self._reading() as session:
            return deployed.contents(session, digests)

    def process_model(self, definition_key: int) -> ProcessModel:
        """Elements, flows and references of a deployed process."""
        with self.database.unit_of_work() as uow:
            return self._workshop.catalogue.process(uow, definition_key)

    def picture(self, definition_key: int, *, marks: Mapping[str, str] | None = None) -> bytes:
        """The process as SVG, as it was drawn when deployed. ``marks`` (element id → done, waiting, incident) draws a case's path.

        Raises NotFound for what is no process, or has no drawing.
        """
        if not marks:
            return picture_definition.picture(self._workshop, definition_key)
        found = self.definition(definition_key)
        try:
            return drawing.picture(self.resource(definition_key), found.id, marks=marks)
        except drawing.NotDrawn as missing:
            raise NotFound(kind="Picture", key=definition_key) from missing

    def form(self, definition_key: int) -> Form:
        with self.database.unit_of_work() as uow:
            return self._workshop.catalogue.form(uow, definition_key)

    def newest_form(self, form_id: str) -> tuple[Form, int]:
        """The newest deployed form of that id, and its version. Raises NotFound."""
        with self.database.unit_of_work() as uow:
            return self._workshop.catalogue.newest_form(uow, form_id, definitions.generation(uow.session))

    def evaluate_decision(
        self, decision_id: str | None = None, variables: Values | None = None, *, decision_key: int | None = None, actor: Actor
    ) -> DecisionOutcome:
        return evaluate_decision.evaluate_decision(
            self._workshop, variables or {}, actor=actor, decision_id=decision_id, decision_key=decision_key
        )

    def replay_decision(self, decision_id: str, content: bytes, *, file: str) -> ReplayReport:
        """Which past cases would have gone elsewhere with the tables in ``content`` (a .dmn file). Raises DefinitionInvalid."""
        model = load(content, file=file, feel=self._workshop.feel)
        with self._reading() as session:
            return past_decisions.replayed(session, model, decision_id)

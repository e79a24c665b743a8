"""What was deployed. Every row is written once and never changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Integer, LargeBinary, Table, UniqueConstraint

from engine.store.types import Moment, key, metadata, text

deployment = Table(
    "deployment",
    metadata,
    key(primary=True),
    # rises with every deployment, whatever process made the key: tells a cache that something is newer
    Column("generation", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("deployed_at", Moment, nullable=False),
    text("deployed_by"),
    text("note"),
)

resource = Table(
    "resource",
    metadata,
    text("sha256", primary=True),
    Column("content", LargeBinary, nullable=False),
)

definition = Table(
    "definition",
    metadata,
    key(primary=True),
    text("kind"),  # process, decision, form
    text("id"),
    Column("version", Integer, nullable=False),
    text("name"),
    text("version_tag"),
    text("resource_name"),
    Column("sha256", ForeignKey("resource.sha256"), nullable=False),
    text("bound"),  # digest of the deployment-bound references: the same file with another form is another version
    Column("deployment_key", ForeignKey("deployment.key"), nullable=False),
    Column("deployed_at", Moment, nullable=False),
    UniqueConstraint("kind", "id", "version"),
)

# how a process looked when it was deployed: drawn once, so that what was printed can be printed again
picture = Table(
    "picture",
    metadata,
    Column("definition_key", ForeignKey("definition.key"), primary_key=True),
    Column("svg", LargeBinary, nullable=False),
)

# which versions a deployment consists of, also those it took over unchanged
deployment_definition = Table(
    "deployment_definition",
    metadata,
    Column("deployment_key", ForeignKey("deployment.key"), primary_key=True),
    Column("definition_key", ForeignKey("definition.key"), primary_key=True),
)

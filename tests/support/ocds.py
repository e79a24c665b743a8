"""Reviewing OCDS packages with libcoveocds, without a network.

The standard comes from tests/data/ocds as the ZIP file libcoveocds expects, or whole from ../shared/ocds/standard.zip or the file
BIXUAN_OCDS_STANDARD names. The extensions come from our own files, as /api/ocds/extensions serves them.
"""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonref
import libcoveocds.api
import pytest
from libcoveocds.config import LibCoveOCDSConfig
from ocdsextensionregistry import extension_version

from procurement.opendata import extensions
from procurement.opendata.packages import API

DATA = Path(__file__).parents[1] / "data" / "ocds"
WHOLE = Path(__file__).parents[3] / "shared" / "ocds" / "standard.zip"
FOLDER = "standard-1__1__5/"
# codes of the standard's open lists that we use
OPEN_CODES = {
    "awardCriteria.csv": ["ratedCriteria"],
    "documentType.csv": [
        "tenderNotice",
        "awardNotice",
        "contractNotice",
        "clarifications",
        "cancellationDetails",
        "completionCertificate",
        "complaints",
    ],
    "itemClassificationScheme.csv": ["CPV"],
    "milestoneType.csv": ["delivery"],
    "partyRole.csv": ["buyer", "procuringEntity", "supplier", "tenderer", "payer", "payee"],
    "relatedProcess.csv": ["prior"],
    "relatedProcessScheme.csv": ["ocid"],
    "submissionMethod.csv": ["electronicSubmission"],
}
QUIET = ("validation_errors", "additional_fields", "deprecated_fields", "additional_closed_codelist_values")
QUIET += ("additional_open_codelist_values", "additional_checks", "conformance_errors")


@cache
def standard() -> bytes:
    """The standard's repository as a ZIP file."""
    named = os.environ.get("BIXUAN_OCDS_STANDARD")
    if named or WHOLE.is_file():
        return Path(named or WHOLE).read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(FOLDER, "")
        for path in sorted(DATA.glob("*.json")):
            archive.writestr(f"{FOLDER}schema/{path.name}", path.read_bytes())
        for name, codes in _codelists().items():
            archive.writestr(f"{FOLDER}schema/codelists/{name}", _csv(codes))
    return packed.getvalue()


def _codelists() -> dict[str, list[str]]:
    schema = json.loads((DATA / "release-schema.json").read_text(encoding="utf-8"))
    found = {name: [] for name, _ in _enumerated(schema)} | OPEN_CODES
    return found | {name: codes for name, codes in _enumerated(schema) if codes}


def _enumerated(node: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, dict):
        if isinstance(node.get("codelist"), str):
            codes = node.get("enum") or node.get("items", {}).get("enum") or []
            yield node["codelist"], [code for code in codes if code]
        for inner in node.values():
            yield from _enumerated(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _enumerated(inner)


def _csv(codes: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([["Code", "Title"], *([code, code] for code in codes)])
    return text.getvalue()


class OwnFiles:
    """Answers for requests: the extensions' files from the package."""

    def get(self, address: str, **_: Any) -> Any:
        content, _media = extensions.read(address.partition(f"{API}/extensions/")[2])
        return SimpleNamespace(status_code=200, content=content, raise_for_status=lambda: None)


class StandardFiles:
    """Answers for requests: the standard's schemas, which the whole standard refers to by their addresses on the net."""

    @staticmethod
    def get(address: str, **_: Any) -> Any:
        with zipfile.ZipFile(io.BytesIO(standard())) as archive:
            schema = json.loads(archive.read(f"{FOLDER}schema/{address.rpartition('/')[2]}"))
        return SimpleNamespace(json=lambda **_: schema, raise_for_status=lambda: None)


@pytest.fixture
def own_extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """libcoveocds reads our extensions from the package instead of from a server."""
    monkeypatch.setattr(extension_version, "session", OwnFiles())
    monkeypatch.setattr(jsonref, "requests", StandardFiles)


def faults(package: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Everything libcoveocds remarks on a release or record package; empty for one nobody can find fault with."""
    config = LibCoveOCDSConfig()
    config.config.update(context="api", standard_zip=standard())
    review = libcoveocds.api.ocds_json_output(str(folder), json_data=package, lib_cove_ocds_config=config)
    found = {name: review[name] for name in QUIET if review.get(name)}
    broken = (review.get("extensions") or {}).get("invalid_extension")
    return found | ({"invalid_extension": broken} if broken else {})

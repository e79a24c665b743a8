"""The committed bundles are what the committed sources give, every English text in them has its Chinese, and they name their licences.

Building needs node 20 and its packages; where they are missing the test that builds is skipped, except where BIXUAN_NODE says that they
must be there (.ci/run).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from procurement.studio.templates import templates
from tests.support import notices

ROOT = Path(__file__).parents[2]
DESIGNER, BUNDLES = ROOT / "web" / "designer", ROOT / "web" / "static" / "studio"
LOCK = json.loads((DESIGNER / "package-lock.json").read_text(encoding="utf-8"))
NO_LICENCE_TEXT = {"@bpmn-io/semver-compat"}  # says MIT and no more; semver, which it is made of, brings its own
VALIDATE = """import { validateZeebe } from '@bpmn-io/element-templates-validator';
import { readFileSync } from 'node:fs';
const faults = JSON.parse(readFileSync(0, 'utf-8')).map(template => validateZeebe(template)).filter(result => !result.valid);
console.log(JSON.stringify(faults.flatMap(result => result.errors.map(error => error.message))));
"""


@cache
def why_not() -> str | None:
    """What is missing to build, or None."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "node and npm are not installed"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(re.findall(r"\d+", version)[0]) < 20:
        return f"node 20 is needed, this is {version.strip()}"
    if _installed():
        return None
    fetched = subprocess.run(["npm", "ci"], cwd=DESIGNER, capture_output=True, text=True, check=False)
    return None if fetched.returncode == 0 else f"npm ci: {fetched.stderr[-500:]}"


def _installed() -> bool:
    """Whether node_modules holds exactly what the lock says."""
    state = DESIGNER / "node_modules" / ".package-lock.json"
    if not state.exists():
        return False
    there = {name: entry["version"] for name, entry in json.loads(state.read_text(encoding="utf-8"))["packages"].items()}
    wanted = {name: entry["version"] for name, entry in LOCK["packages"].items() if name and not entry.get("optional")}
    return all(there.get(name) == version for name, version in wanted.items())


@pytest.fixture
def node() -> None:
    if reason := why_not():
        if os.environ.get("BIXUAN_NODE") == "required":
            pytest.fail(reason)
        pytest.skip(reason)


def run(*command: str, given: str | None = None) -> str:
    done = subprocess.run(command, cwd=DESIGNER, capture_output=True, text=True, input=given, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_building_again_gives_the_committed_bytes(node: None, tmp_path: Path) -> None:
    run("node", "build.mjs", "--out", str(tmp_path))
    built = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.name != "NOTICES.txt"}
    kept = {file.name: file.read_bytes() for file in BUNDLES.iterdir()}
    assert sorted(built) == sorted(kept), "run: npm run build, in web/designer"
    different = [name for name in built if built[name] != kept[name]]
    assert different == [], "run: npm run build, in web/designer"
    assert (tmp_path / "NOTICES.txt").read_bytes() == (DESIGNER / "NOTICES.txt").read_bytes()


def test_every_english_text_of_the_bundles_has_its_chinese_or_a_reason(node: None) -> None:
    run("node", "words.mjs")


def test_the_templates_of_our_operations_are_valid_for_the_library(node: None) -> None:
    faults = json.loads(run("node", "--input-type=module", "--eval", VALIDATE, given=json.dumps(templates())))
    assert faults == []


def test_the_lock_names_versions_and_hashes_and_no_place_on_the_network() -> None:
    text = (DESIGNER / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in text
    assert "://" not in text
    assert all("integrity" in entry for name, entry in LOCK["packages"].items() if name)


def test_the_versions_asked_for_are_exact() -> None:
    asked = json.loads((DESIGNER / "package.json").read_text(encoding="utf-8"))
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version


def test_the_bundles_ask_nothing_of_another_place() -> None:
    for file in BUNDLES.glob("*.css"):
        assert not re.findall(r"url\(\s*['\"]?(?:https?:)?//", file.read_text(encoding="utf-8")), file.name
        assert not re.findall(r"@import", file.read_text(encoding="utf-8")), file.name


def test_every_bundled_package_is_named_with_its_licence() -> None:
    text = (DESIGNER / "NOTICES.txt").read_text(encoding="utf-8")
    for part in text.split(notices.RULE)[1:]:
        head, licence, *body = part.strip().splitlines()
        assert re.fullmatch(r"\S+ \d[\w.-]*", head), head
        assert licence.startswith("Licence: "), head
        assert len("\n".join(body)) > 200 or head.split()[0] in NO_LICENCE_TEXT, f"{head} brings no licence text"
    assert text.strip() in notices.FILE.read_text(encoding="utf-8"), "run: python -m tests.support.notices"

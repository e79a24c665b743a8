"""Where files belong, whatever name they were deployed under."""

from __future__ import annotations

import datetime as dt
from itertools import count

import pytest

from engine.model import Definition, DeployedDefinition
from procurement.studio import layout
from procurement.studio.placing import placed
from procurement.studio.skeletons import skeleton
from procurement.studio.titles import title_of

NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
generations = count(1)


def deployed(kind: str, id_: str, name: str, *, sha: str = "", generation: int | None = None) -> DeployedDefinition:
    number = generation or next(generations)
    definition = Definition(number, kind, id_, 1, "", "", name, number, NOW)
    return DeployedDefinition(definition, sha, number, "lin", "")


def paths(*definitions: DeployedDefinition, files: dict[str, bytes] | None = None) -> list[str]:
    return [path for path, _ in placed(definitions, lambda _: files or {})]


def test_a_path_of_the_layout_stays():
    assert paths(deployed("form", "a", "forms/goal_setting/a.form")) == ["forms/goal_setting/a.form"]


def test_a_bare_name_goes_where_the_definition_lay_before():
    before = deployed("decision", "route", "processes/goal_setting/method_route.dmn")
    assert paths(before, deployed("decision", "route", "method_route.dmn"))[1] == "processes/goal_setting/method_route.dmn"


def test_a_form_uploaded_alone_goes_to_the_process_that_names_it():
    process = deployed("process", "goal_setting", "goal_setting.bpmn", sha="p")
    form = deployed("form", "legal_review", "legal_review.form")
    text = {"p": b'<zeebe:formDefinition formId="legal_review" />'}
    assert paths(process, form, files=text) == [
        "processes/goal_setting/goal_setting.bpmn",
        "forms/goal_setting/legal_review.form",
    ]


def test_all_decisions_of_one_file_have_one_place():
    one, two = (deployed("decision", name, "tables.dmn", generation=900) for name in ("first", "second"))
    process = deployed("process", "goal_setting", "processes/goal_setting/goal_setting.bpmn", sha="p")
    text = {"p": b'<zeebe:calledDecision decisionId="second" />'}
    assert paths(process, one, two, files=text)[1:] == ["processes/goal_setting/tables.dmn"] * 2


@pytest.mark.parametrize(
    ("kind", "id_", "name"),
    [
        ("process", "p", "../../etc/passwd.bpmn"),
        ("process", "Proc-1", "C:\\Users\\lin\\流程 图.bpmn"),
        ("form", "f<script>", "<script>.form"),
        ("decision", "d", "deep/folders/of/somebody/d.dmn"),
        ("form", "9", "9.form"),
        ("process", "x" * 300, "x" * 300 + ".bpmn"),
    ],
)
def test_any_name_finds_a_place_inside_the_layout(kind: str, id_: str, name: str):
    (path,) = paths(deployed(kind, id_, name))
    assert layout.is_path(path)


@pytest.mark.parametrize("kind", ["diagram", "tables", "form", "case", "readme"])
def test_a_new_file_has_its_title_in_it(kind: str):
    path, content = skeleton(kind, "goal_setting", "legal_review", '合法性 "审查" & <b>')
    assert (layout.kind_of(path), layout.folder_of(path)) == (kind, "goal_setting")
    assert "审查" in title_of(path, content)
    assert b"<b>" not in content or kind in {"form", "case", "readme"}

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from procurement.operations.described import DESCRIBED
from procurement.studio.templates import CATEGORIES, templates

DESIGNER = Path(__file__).parents[3] / "web" / "designer"
VALIDATOR = DESIGNER / "node_modules" / "@bpmn-io" / "element-templates-validator"
RULES = {"office_rules": [("publicity_working_days", "公示期"), ("small_limit", "")]}


def by_id() -> dict[str, dict]:
    return {template["id"]: template for template in templates(RULES)}


def properties(template: dict, binding: str) -> list[dict]:
    return [one for one in template["properties"] if one["binding"]["type"] == binding]


def test_every_operation_has_a_template_with_its_type_fixed():
    for operation in DESCRIBED:
        template = by_id()[f"bixuan.{operation}"]
        (fixed,) = properties(template, "zeebe:taskDefinition")
        assert (fixed["type"], fixed["value"]) == ("Hidden", operation)
        assert template["elementType"] == {"value": "bpmn:ServiceTask"}


def test_every_template_stands_under_a_heading_in_words():
    assert {operation.partition(".")[0] for operation in DESCRIBED} <= set(CATEGORIES)


def test_inputs_are_expressions_or_one_of_the_allowed_words_and_required_ones_must_be_filled_in():
    inputs = {one["binding"]["name"]: one for one in properties(by_id()["bixuan.notice.publish"], "zeebe:input")}
    assert inputs["title"]["feel"] == "required"
    assert inputs["title"]["constraints"] == {"notEmpty": True}
    assert inputs["until"]["optional"] is True
    assert {"name": "result_publicity", "value": "result_publicity"} in inputs["kind"]["choices"]
    assert "initiator_kind" not in inputs, "what no diagram needs to give is left out"


def test_an_output_is_mapped_when_a_variable_is_named_for_it():
    outputs = properties(by_id()["bixuan.budget.check"], "zeebe:output")
    assert {"=sufficient", "=available"} <= {one["binding"]["source"] for one in outputs}
    assert all(one["optional"] for one in outputs)


def test_a_parameter_is_chosen_from_the_table():
    template = by_id()["bixuan.rule.office_rules"]
    assert template["elementType"] == {"value": "bpmn:BusinessRuleTask"}
    (rule, _) = properties(template, "zeebe:input")
    assert rule["choices"] == [
        {"name": "公示期（publicity_working_days）", "value": "publicity_working_days"},
        {"name": "small_limit", "value": "small_limit"},
    ]


def test_an_outside_worker_has_a_template_of_its_own():
    (kind, retries) = properties(by_id()["bixuan.worker.outside"], "zeebe:taskDefinition")
    assert kind["type"] == "String"
    assert retries["value"] == "3"


@pytest.mark.skipif(not (VALIDATOR.is_dir() and shutil.which("node")), reason="the editors' packages are not installed (npm ci)")
def test_the_editors_own_validator_accepts_every_template(tmp_path):
    made = tmp_path / "templates.json"
    made.write_text(json.dumps(templates(RULES)), encoding="utf-8")
    script = (
        "import { validateAllZeebe } from '@bpmn-io/element-templates-validator'; import { readFileSync } from 'node:fs';"
        "const found = validateAllZeebe(JSON.parse(readFileSync(process.argv[1])));"
        "console.log(JSON.stringify(found.results.filter(one => !one.valid)));"
    )
    command = [shutil.which("node"), "--input-type=module", "-e", script, str(made)]
    said = subprocess.run(command, cwd=DESIGNER, capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "[]", said.stdout + said.stderr

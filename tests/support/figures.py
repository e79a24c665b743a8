"""Purchases with everything the registers keep about them, made by the database itself: for the dashboards' tests and their bench.

No chance is in it: the n-th purchase is always the same. Each has ten tasks with a deadline, a contract with two payments and
two monitoring records once it is that far; every seventh an objection, every ninth a red flag, every eleventh a deviation.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text

from engine.facade import Database

FIRST_KEY = 20_000_000_000
TASKS = 10
UNITS = 12
COMMUNITIES = 111

_DAY = ":first + (n / :a_year) * interval '1 year' + (n % 300) * interval '1 day' + interval '2 hours'"
_NUMBER = "(:year + n / :a_year) || '-' || 2000 + n % :a_year"
_ORGANISATIONS = """
insert into organisations (id, name, kind, credit_code, registration_authority, registered_on, scope, legal_representative, contact,
  phone, address, inspections, supported, incubated, certified_social_workers, staff, related_organisations, active)
select 'fig-' || n, '服务中心' || n, 'social_service', 'FIG' || lpad(n::text, 15, '0'), '民政局', '2015-01-01', '为老服务', '某', '', '',
  '', '[]', false, false, 1, 5, '{}', true
from generate_series(0, :organisations - 1) as s(n)
"""
_PURCHASES = f"""
insert into purchases (id, title, unit, initiator, initiator_kind, community, catalogue_code, category, beneficiary_group, estimate,
  amount, budget_code, route, step, status, status_reason, details, agency_id, organisation_id, awarded_amount, contract_id,
  satisfaction, process_key, started_at, updated_at)
select number, '=社区服务' || n, '部门' || n % {UNITS}, 'x', case when n % 3 = 0 then 'community' else 'department' end,
  case when n % 5 = 0 then '' else '社区' || n % {COMMUNITIES} end, 'C' || n % 20, '类别' || n % 8, '', 10000 + n % 1000, 10000 + n % 1000,
  '', (array['open_comparison', 'committee', 'statutory', ''])[1 + n % 4],
  (array['demand_survey', 'goal_setting', 'selection', 'delivery', 'assessment', 'tracking'])[1 + n % 6],
  case when n % 2 = 0 then 'archived' else (array['demand_review', 'comparison_open', 'delivering', 'failed'])[1 + n / 2 % 4] end,
  '', '{{}}', case when n % 4 = 0 then 'agy-0' || 1 + n / 4 % 2 end, case when n % 2 = 0 then 'fig-' || n % :organisations end,
  case when n % 2 = 0 then 9000 + n % 1000 end, case when n % 2 = 0 then 'FIG-HT-' || n end,
  case when n % 2 = 0 then 55 + n % 45 end, {FIRST_KEY} + n, {_DAY}, {_DAY}
from (select n, 'CG-' || {_NUMBER} as number from generate_series(0, :purchases - 1) as s(n)) as one
"""
_TASKS = f"""
insert into user_task (key, root_key, instance_key, definition_key, process_id, business_key, element_id, name, state,
  candidate_groups, candidate_users, candidates, due, priority, headers, created_at, ended_at, completed_by, suspended)
select {FIRST_KEY} + n * {TASKS} + m, {FIRST_KEY} + n, {FIRST_KEY} + n, 1, 'process_' || m % 4, 'CG-' || {_NUMBER},
  'step_' || m, '第' || m || '步', case when m = 9 and n % 3 = 0 then 'created' when m = 8 and n % 13 = 0 then 'canceled' else 'completed' end,
  array[(array['agency', 'finance', 'department', 'street_leader'])[1 + m % 4]], '{{}}', '{{}}',
  case when m < 9 or n % 3 = 0 then made + interval '5 days' end, 50, '{{}}', made,
  case when m < 9 or n % 3 > 0 then made + case when (n + m) % 9 = 0 then interval '7 days' else interval '3 days' end end, 'x', true
from (select n, m, {_DAY} + m * interval '3 days' as made from generate_series(0, :purchases - 1) as s(n), generate_series(0, {TASKS - 1}) as t(m)) as one
"""
_CONTRACTS = f"""
insert into contracts (id, purchase_id, organisation_id, amount, starts_on, ends_on, clauses, staged, sha256, status, ended_reason,
  created_at, reason, papers, filed_with)
select 'FIG-HT-' || n, 'CG-' || {_NUMBER}, 'fig-' || n % :organisations, 9000 + n % 1000, '2026-01-01', '2026-12-31', '{{}}',
  true, repeat('0', 64), (array['drafted', 'signed', 'completed', 'terminated'])[1 + n / 2 % 4], '', {_DAY}, '', '[]', ''
from generate_series(0, :purchases - 1, 2) as s(n)
"""
_PAYMENTS = f"""
insert into payments (contract_id, milestone, amount, paid_on, recorded_by)
select 'FIG-HT-' || n, '第' || m || '期', 4000 + n % 500, ({_DAY})::date + m, 'x'
from generate_series(0, :purchases - 1, 2) as s(n), generate_series(1, 2) as t(m)
"""
_MONITORING = f"""
insert into monitoring_records (purchase_id, kind, findings, data, recorded_at, recorded_by)
select 'CG-' || {_NUMBER}, (array['monitoring', 'milestone', 'rectification'])[1 + (n + m) % 3], '', '{{}}', {_DAY} + m * interval '9 days', 'x'
from generate_series(0, :purchases - 1, 2) as s(n), generate_series(1, 2) as t(m)
"""
_OBJECTIONS = f"""
insert into objections (purchase_id, person, contact, request, content, evidence, raised_at, raised_by, about, against, status,
  supplement, examined_by, outcome, decision, decided_by)
select 'CG-' || {_NUMBER}, '某', '', '', '', '[]', {_DAY}, '', (array['documents', 'process', 'result'])[1 + n % 3], '',
  (array['raised', 'rejected', 'upheld'])[1 + n / 7 % 3], '', '', '', '', ''
from generate_series(0, :purchases - 1, 7) as s(n)
"""
_APPEALS = f"""
insert into appeals (id, purchase_id, raised_by, person, contact, request, content, evidence, raised_at, status, days_not_counted, pauses,
  outcome, unfounded, decision, decided_by)
select 'TS-' || (:year + n / :a_year) || '-' || 5000 + n % :a_year, 'CG-' || {_NUMBER}, 'x', '某', '', '', '', '[]', {_DAY},
  (array['raised', 'accepted', 'upheld'])[1 + n / 21 % 3], 0, '[]', '', false, '', ''
from generate_series(0, :purchases - 1, 21) as s(n)
"""
_FLAGS = f"""
insert into red_flags (purchase_id, kind, stage, fingerprint, organisations, evidence, rule_id, rule, found_at, state)
select 'CG-' || {_NUMBER}, (array['splitting', 'single_bid', 'short_period'])[1 + n / 9 % 3], 'need', 'fig', '{{}}', '[]', 'x',
  '{{}}', {_DAY}, (array['open', 'explained'])[1 + n / 9 % 2]
from generate_series(0, :purchases - 1, 9) as s(n)
"""
_DISCRETIONS = f"""
insert into discretions (at, rule_id, document, article, mark, unit, comparator, approver_role, default_value, chosen, reason,
  decided_by, approver, purchase_id)
select {_DAY}, 'rule_' || n / 11 % 5, '', '', '', '', '', '', '1', '2', '理由', 'user' || n / 11 % 7, '', 'CG-' || {_NUMBER}
from generate_series(0, :purchases - 1, 11) as s(n)
"""
_CREDIT = f"""
insert into credit_entries (organisation_id, kind, reason, source, starts_on, ends_on, lifted_reason, recorded_by, recorded_at)
select 'fig-' || n, (array['good', 'warning', 'abnormal', 'negative'])[1 + n % 4], '', '', ({_DAY})::date,
  case when n % 2 = 0 then ({_DAY})::date + 30 end, '', 'x', {_DAY}
from generate_series(0, :organisations - 1) as s(n)
"""
_MATTERS = f"""
insert into matters (id, process_id, title, about, purchase_id, starter, unit, opened_at, closed_at, result, result_text, void)
select 'JC-' || (:year + n / :a_year) || '-' || 5000 + n % :a_year, 'process_' || n / 5 % 6, '日常监测', 'purchase', 'CG-' || {_NUMBER}, 'x', '', {_DAY},
  case when n % 2 = 0 then {_DAY} + interval '9 days' end, '', '', false
from generate_series(0, :purchases - 1, 5) as s(n)
"""
STATEMENTS = (
    *(_ORGANISATIONS, _PURCHASES, _TASKS, _CONTRACTS, _PAYMENTS, _MONITORING, _OBJECTIONS, _APPEALS, _FLAGS, _DISCRETIONS),
    *(_CREDIT, _MATTERS),
)


def fill(database: Database, *, purchases: int, first: dt.datetime, organisations: int = 40, a_year: int = 0) -> None:
    """Purchases that began on the 300 days after ``first``; of ``a_year`` each, the next ones a year later."""
    numbers = {
        "purchases": purchases,
        "first": first,
        "year": first.year,
        "organisations": organisations,
        "a_year": a_year or purchases,
    }
    with database.engine.begin() as connection:
        for statement in STATEMENTS:
            connection.execute(text(statement), {name: value for name, value in numbers.items() if f":{name}" in statement})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))

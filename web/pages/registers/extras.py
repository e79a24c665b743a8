"""What hangs on a register's row beside its columns: credit entries, recusals, bookings, the negative list, legal numbers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import FieldError, InvalidInput
from web.auth.people import acting
from web.pages.errors import field_sentences
from web.pages.registers.papers import kept_evidence
from web.pages.registers.rules import tables_in_force
from web.pages.services import office, services

FIRST_YEAR, LAST_YEAR = 2004, 2100  # the first year of the packaged tables; a slip of the keyboard above


def of(register: str, key: str) -> dict[str, Any]:
    """What the card shows below the columns."""
    if register == "organisations":
        return {"credit": office().parties.credit(key), "evidence": kept_evidence(key)}
    if register == "experts":
        return {
            "recusals": office().parties.recusals(key),
            "organisations": office().parties.organisations(),
            "employments": office().panels.employments(key),
        }
    if register == "budgets":
        return {"bookings": office().planning.budget_lines(key), "budget": office().planning.budget(key)}
    return {"versions": office().planning.catalogue_versions(key)} if register == "catalogue" else {}


def install(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/organisations/<key>/credit", "record_credit", _record_credit, methods=["POST"])
    blueprint.add_url_rule("/credit/<int:entry>/lift", "lift_credit", _lift_credit, methods=["POST"])
    blueprint.add_url_rule("/experts/<key>/recusals", "add_recusal", _add_recusal, methods=["POST"])
    blueprint.add_url_rule("/negative-list", "negative_list", _negative_list)
    blueprint.add_url_rule("/rules", "rules", _rules)
    blueprint.add_url_rule("/calendar", "calendar", _calendar)
    blueprint.add_url_rule("/calendar", "save_calendar", _save_calendar, methods=["POST"])


def _record_credit(key: str) -> Response:
    form = request.form
    office().parties.record_credit(
        key,
        form.get("kind", ""),
        form.get("reason", ""),
        starts_on=typed_day("starts_on") or services().clock.now().date(),
        ends_on=typed_day("ends_on"),
        source=form.get("source", ""),
        actor=acting(),
    )
    flash(_("信用记录已登记。"), "ok")
    return redirect(url_for("registers.organisations_card", key=key), 303)


def _lift_credit(entry: int) -> Response:
    lifted = office().parties.lift_credit(entry, request.form.get("reason", ""), actor=acting())
    flash(_("信用记录已移出。"), "ok")
    return redirect(url_for("registers.organisations_card", key=lifted.organisation_id), 303)


def _add_recusal(key: str) -> Response:
    form = request.form
    office().parties.add_recusal(
        key,
        form.get("organisation_id", ""),
        form.get("relation", ""),
        since=typed_day("since"),
        until=typed_day("until"),
        note=form.get("note", ""),
        actor=acting(),
    )
    flash(_("回避关系已登记；抽取专家时会自动排除。"), "ok")
    return redirect(url_for("registers.experts_card", key=key), 303)


def _negative_list() -> str:
    entries = office().parties.negative_list()
    names = {o.id: o.name for o in office().parties.organisations()}
    return render_template("registers/negative_list.html", entries=entries, names_by_id=names)


def _rules() -> str:
    return render_template("registers/rules.html", tables=tables_in_force())


def _calendar() -> str:
    return _calendar_page({}, {})


def _save_calendar() -> Response | tuple[str, int]:
    """A year from the State Council's notice; a year entered again is corrected, with both in the edit history."""
    typed = {name: request.form.get(name, "").strip() for name in ("year", "holidays", "make_up_days", "source")}
    try:
        year = int(typed["year"]) if typed["year"].isdecimal() else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidInput(fields=(FieldError("year", "Enter a year such as 2027."),))
        holidays, make_up_days = (_days(name, typed[name]) for name in ("holidays", "make_up_days"))
        office().planning.save_calendar_year(year, holidays, make_up_days, typed["source"], actor=acting())
    except InvalidInput as error:
        return _calendar_page(typed, field_sentences(error)), 422
    flash(_("%(year)s 年的工作日历已登记；期限从此按它计算。", year=year), "ok")
    return redirect(url_for("registers.calendar"), 303)


def _calendar_page(typed: dict[str, str], errors: dict[str, list[str]]) -> str:
    calendar = office().planning.calendar()
    years = sorted(calendar.years.values(), key=lambda table: table.year, reverse=True)
    return render_template("registers/calendar.html", years=years, typed=typed, errors=errors)


def _days(name: str, text: str) -> list[dt.date]:
    """Dates separated by anything but digits and hyphens."""
    try:
        return [dt.date.fromisoformat(word) for word in re.split(r"[^\d-]+", text) if word]
    except ValueError:
        raise InvalidInput(fields=(FieldError(name, "Enter dates such as 2027-01-01, separated by spaces or commas."),)) from None


def typed_day(name: str) -> dt.date | None:
    text = request.form.get(name, "").strip()
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(fields=(FieldError(name, "Enter a date such as 2026-03-02."),)) from None

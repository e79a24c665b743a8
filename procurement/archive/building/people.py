"""Who the documents speak of, which years of the working calendar they count with, and what the codes mean."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import User
from procurement.archive import words
from procurement.archive.building.stand import Making
from procurement.calendar import WorkingCalendar
from procurement.registers.edits import RegisterEdit
from procurement.registers.office_calendar import entered_years


def add_people(making: Making) -> None:
    """``people.json``: login → name and unit now, and what they were called before and until when."""
    with making.stand.reading() as session:
        found = {login: _person(session, login) for login in sorted(making.people)}
    making.writer.add_json("people.json", "people", "经办人的姓名和单位", found)


def _person(session: Session, login: str) -> dict[str, Any]:
    user = session.get(User, login)
    query = select(RegisterEdit).where(RegisterEdit.register == "users", RegisterEdit.row_key == login).order_by(RegisterEdit.id)
    before = [
        {**{name: edit.before[name] for name in ("name", "unit") if name in edit.before}, "until": edit.at}
        for edit in session.scalars(query)
        if edit.before and {"name", "unit"} & edit.before.keys()
    ]
    if user is None:
        return {"name": login, "unit": "", "roles": [], "before": before}  # the system, or an account of long ago
    return {"name": user.name, "unit": user.unit, "roles": [*user.roles, *user.groups], "before": before}


def add_calendar(making: Making) -> None:
    """``calendar.json``: the working days of every year a document mentions, and where they were taken from."""
    with making.stand.reading() as session:
        years = WorkingCalendar.published(*entered_years(session)).years
    used = sorted(year for year in making.years if year in years)
    tables = {
        str(year): {
            "source": years[year].source,
            "holidays": sorted(years[year].holidays),
            "make_up_days": sorted(years[year].make_up_days),
        }
        for year in used
    }
    making.writer.add_json("calendar.json", "calendar", f"工作日历 {'、'.join(map(str, used))}", tables)


def add_words(making: Making) -> None:
    making.writer.add_json("words.json", "words", "代码对照", words.CODES)

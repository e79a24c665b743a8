"""The registers of a district: the demo's street eight times, 111 communities, 2,000 organisations, budgets of ten years.

The accounts of one street differ from the next by a digit at the end of the login (``ylfw3``), communities are ``sq001`` to
``sq111``, the accounts of the district itself (committee, discipline, audit …) are the demo's own.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from procurement.accounts import users
from procurement.accounts.tables import User
from procurement.demo.reading import data
from procurement.demo.registers import load_registers
from procurement.registers.credit_code import check_sign
from procurement.registers.money import Budget, CalendarYear, CatalogueItem
from procurement.registers.parties import Expert, Organisation

STREETS = ("青河街道", "锦江街道", "望江街道", "莲花街道", "和平街道", "双桥街道", "龙潭街道", "保和街道")
COMMUNITIES = 111
ORGANISATIONS = 2000
EXPERTS = 60
FIRST_DAY, YEARS = dt.date(2020, 3, 2), 10  # from 2020-03-01 on every table the purchases ask has a rule in force
FIRST_YEAR = FIRST_DAY.year
SURVEYS_FROM = dt.date(2021, 11, 8)  # 个人信息保护法, 2021-11-01
STREET_ROLES = {"department", "service_centre", "finance", "procurement_officer"}
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静强磊洋艳勇军杰涛明超秀霞平刚桂"
KINDS = ("social_service", "social_service", "social_service", "social_group", "foundation")
SCOPES = (
    "居家养老、助餐、日间照料",
    "社会工作、困难帮扶",
    "残疾人服务、康复",
    "儿童青少年、课后服务",
    "社区治理、志愿服务",
    "评估、培训、课题研究",
)
NAMES = ("社会工作服务中心", "养老服务中心", "社区发展促进会", "助残服务站", "青少年服务社", "公益事业发展中心")
FIELDS = ("elderly", "social_work", "disability", "children", "finance", "law", "community", "evaluation")
# 2027 on: the days of 全国年节及纪念日放假办法, without days off moved; the lunar ones by the astronomical calendar
LATER_HOLIDAYS = {
    2027: ("01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15", "10-01", "10-02", "10-03"),
    2028: ("01-01", "01-25", "01-26", "01-27", "01-28", "04-04", "05-01", "05-02", "05-28", "10-01", "10-02", "10-03"),
    2029: ("01-01", "02-12", "02-13", "02-14", "02-15", "04-04", "05-01", "05-02", "06-16", "09-22", "10-01", "10-02", "10-03"),
    2030: ("01-01", "02-02", "02-03", "02-04", "02-05", "04-05", "05-01", "05-02", "06-05", "09-12", "10-01", "10-02", "10-03"),
    2031: ("01-01", "01-22", "01-23", "01-24", "01-25", "04-05", "05-01", "05-02", "06-24", "10-01", "10-02", "10-03"),
}  # fmt: skip


def fill_registers(session: Session, now: dt.datetime, organisations: int = ORGANISATIONS) -> None:
    load_registers(session, now)
    session.execute(
        update(CatalogueItem).where(CatalogueItem.code == "B0301", CatalogueItem.effective_to.is_not(None)).values(code="B0300")
    )
    session.execute(update(CatalogueItem).values(effective_from=dt.date(FIRST_YEAR - 1, 1, 1)))
    add_district(session, now, organisations)


def add_district(session: Session, now: dt.datetime, organisations: int = ORGANISATIONS) -> None:
    """Streets, communities, organisations, experts and budgets beside those of the demo's office."""
    password_hash = session.get_one(User, "admin").password_hash
    _streets(session, password_hash, now)
    _organisations(session, password_hash, now, organisations)
    _experts(session, password_hash, now)
    for year, days in LATER_HOLIDAYS.items():
        holidays = [dt.date.fromisoformat(f"{year}-{day}") for day in days]
        session.merge(CalendarYear(year=year, holidays=holidays, make_up_days=[], source="压测假设：只列法定假日，未含调休"))
    for year in range(FIRST_YEAR, FIRST_YEAR + YEARS + 1):
        session.add_all(_budgets(year))


def street_of(community: int) -> int:
    """The number of the street, from 1, a community (from 1) belongs to."""
    return (community - 1) % len(STREETS) + 1


def community_name(community: int) -> str:
    return f"{STREETS[street_of(community) - 1][:2]}第{community:03d}社区"


def street_unit(street: int, unit: str) -> str:
    return f"{STREETS[street - 1]}{unit}"


def _account(session: Session, password_hash: str, now: dt.datetime, login: str, name: str, **own: Any) -> None:
    users.add_user(session, login, name, password_hash, demo=True, now=now, **own)


def _streets(session: Session, password_hash: str, now: dt.datetime) -> None:
    own = [row for row in data("accounts")["office"] if STREET_ROLES & set(row["roles"])]
    for street in range(1, len(STREETS) + 1):
        for n, row in enumerate(own):
            _account(session, password_hash, now, f"{row['login']}{street}", _person(street * 40 + n), roles=row["roles"], unit=street_unit(street, row["unit"]))  # fmt: skip
    for community in range(1, COMMUNITIES + 1):
        _account(
            session,
            password_hash,
            now,
            f"sq{community:03d}",
            _person(community * 7),
            roles=["community"],
            unit=community_name(community),
        )


def _organisations(session: Session, password_hash: str, now: dt.datetime, upto: int) -> None:
    for n in range(len(data("parties")["organisations"]) + 1, upto + 1):
        kind = KINDS[n % len(KINDS)]
        first17 = f"{ {'social_service': 52, 'social_group': 51, 'foundation': 53}[kind] }510104MJQ4{n:05d}"
        name = f"{STREETS[n % len(STREETS)][:2]}{GIVEN[n % 20]}{GIVEN[n // 20 % 20]}{SURNAMES[n // 400]}{NAMES[n % len(NAMES)]}"
        session.add(Organisation(
            id=f"org-{n:04d}", name=name, kind=kind, credit_code=first17 + check_sign(first17), registration_authority="区民政局",
            registered_on=dt.date(2005 + n % 14, 1 + n % 12, 1 + n % 28), scope=SCOPES[n % len(SCOPES)], legal_representative=_person(n),
            staff=8 + n % 40, certified_social_workers=3 + n % 5, inspections=[],
        ))  # fmt: skip
        _account(
            session,
            password_hash,
            now,
            f"org{n:04d}",
            _person(n),
            roles=["organisation"],
            groups=[f"organisation:org-{n:04d}"],
            unit=name,
        )


def _experts(session: Session, password_hash: str, now: dt.datetime) -> None:
    for n in range(len(data("parties")["experts"]) + 1, EXPERTS + 1):
        fields = sorted({FIELDS[n % 8], FIELDS[(n // 8 + n) % 8], FIELDS[(n + 3) % 8]})
        login, unit = f"zj{n:02d}", f"高校与院所{n:02d}"
        session.add(Expert(id=f"exp-{n:02d}", name=_person(n * 13), fields=fields, unit=unit, title="研究员", login=login))
        _account(session, password_hash, now, login, _person(n * 13), roles=["expert"], groups=[f"expert:exp-{n:02d}"], unit=unit)


def _budgets(year: int) -> list[Budget]:
    lines = [row for row in data("budgets") if row["year"] == 2026 and row["level"] != "community"]
    found = [
        Budget(code=street_budget(row["code"], street, year), name=f"{STREETS[street - 1]}{row['name']}", level=row["level"], unit="", year=year, category=row["category"], total=Decimal(row["total"]) * 8)
        for row in lines
        for street in range(1, len(STREETS) + 1)
    ]  # fmt: skip
    return found + [
        Budget(code=community_budget(n, year), name=f"{community_name(n)}民生微实事", level="community", unit=community_name(n), year=year, category="社区事务", total=Decimal(600_000))
        for n in range(1, COMMUNITIES + 1)
    ]  # fmt: skip


def street_budget(code: str, street: int, year: int) -> str:
    return f"{code.removesuffix('-2026')}-{street}-{year}"


def community_budget(community: int, year: int) -> str:
    return f"SQ-{community:03d}-{year}"


def _person(n: int) -> str:
    return SURNAMES[n % 20] + GIVEN[n // 20 % 20] + (GIVEN[n // 400 % 20] if n % 3 else "")

"""Different bidders that share what independent bidders do not share: files, authors, devices, contacts.

Signals of 87号令 第三十七条 and 政府采购法实施条例 第七十四条 (drawn up by the same unit, the same person handles it, the files
are alike). Each needs at least two organisations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from procurement.flags.facts import ApplicationFacts, BidFacts
from procurement.flags.finding import Evidence, Finding

# what an office suite or a system writes when nobody gave a name, folded
NOBODY = frozenset(
    [
        "administrator",
        "admin",
        "author",
        "windowsuser",
        "microsoftofficeuser",
        "lenovo",
        "hp",
        "dell",
        "pc",
        "wps",
        "user",
        "unknown",
        "未知",
        "用户",
        "作者",
        "pythondocx",
    ]
) | {""}


def same_file(bids: Sequence[BidFacts]) -> Iterator[Finding]:
    """The very same file, byte for byte, in the bids of several organisations."""
    held = ((file.sha256, bid.organisation_id, file.name) for bid in bids for file in bid.files)
    for sha256, owners in _shared(held):
        seen = tuple(Evidence("file", name, organisation) for organisation, name in owners)
        yield Finding("same_file", "same_file", _ids(owners), (Evidence("sha256", str(sha256)), *seen))


def same_author(bids: Sequence[BidFacts]) -> Iterator[Finding]:
    """The same named author or last editor in the files of several organisations."""
    held = (
        (_folded(name), bid.organisation_id, f"{file.name}：{name.strip()}")
        for bid in bids
        for file in bid.files
        for name in {file.author, file.last_modified_by}
        if _folded(name) not in NOBODY
    )
    for _name, owners in _shared(held):
        seen = tuple(Evidence("author", text, organisation) for organisation, text in owners)
        yield Finding("same_author", "same_author", _ids(owners), seen)


def same_device(bids: Sequence[BidFacts]) -> Iterator[Finding]:
    """Bids of several organisations sent from the same address with the same browser."""
    held = ((f"{bid.address} · {bid.agent}", bid.organisation_id, bid.address) for bid in bids if bid.address and bid.agent)
    for device, owners in _shared(held):
        yield Finding("same_device", "same_device", _ids(owners), (Evidence("device", str(device)), *_whose(owners)))


def same_contact(applications: Sequence[ApplicationFacts]) -> Iterator[Finding]:
    """The same person, telephone or address behind several organisations."""
    held = (
        ((what, _folded(value)), application.organisation_id, value.strip())
        for application in applications
        for what, value in application.contacts.items()
        if _folded(value)
    )
    for (what, _value), owners in _shared(held):
        seen = tuple(Evidence(what, text, organisation) for organisation, text in owners)
        yield Finding("same_contact", "same_contact", _ids(owners), seen)


def _shared(held: Iterable[tuple[Any, str, str]]) -> Iterator[tuple[Any, list[tuple[str, str]]]]:
    """The keys that more than one organisation holds, with (organisation, text) in order."""
    by_key: dict[Any, set[tuple[str, str]]] = {}
    for key, organisation_id, text in held:
        by_key.setdefault(key, set()).add((organisation_id, text))
    for key, owners in by_key.items():
        if len({organisation for organisation, _ in owners}) > 1:
            yield key, sorted(owners)


def _ids(owners: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted({organisation for organisation, _ in owners}))


def _whose(owners: Iterable[tuple[str, str]]) -> Iterator[Evidence]:
    return (Evidence("sent_from", text, organisation) for organisation, text in owners)


def _folded(text: str) -> str:
    """Without spaces, dashes and case: 138-0000 0000 and 13800000000 are one telephone."""
    return re.sub(r"[\s\-－—()（）]+", "", text).casefold()

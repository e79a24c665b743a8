"""Registers described as data: ``processes/<folder>/<id>.ledger.yaml`` says what one is, the form of its name says what it holds."""

from procurement.ledgers.definitions import Figure, Ledger, LedgerUnfit, read
from procurement.ledgers.finding import Found, Query, find, total
from procurement.ledgers.recording import EntryUnfit, NewEntry, close, record
from procurement.ledgers.shelf import LedgerUnknown, in_force, ledger

__all__ = [
    "EntryUnfit",
    "Figure",
    "Found",
    "Ledger",
    "LedgerUnfit",
    "LedgerUnknown",
    "NewEntry",
    "Query",
    "close",
    "find",
    "in_force",
    "ledger",
    "read",
    "record",
    "total",
]

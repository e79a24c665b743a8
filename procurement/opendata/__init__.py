"""Open data: what a purchase published, as releases and records of the Open Contracting Data Standard (OCDS) 1.1.

Pure functions from register rows to JSON values; nothing here reads the database. Only what a notice has said, what the law
has published of a signed contract and what was paid becomes data: bids, applicants and experts are known here no earlier
than the notice that names them.
"""

from procurement.opendata.facts import Facts, Publisher
from procurement.opendata.merging import compiled
from procurement.opendata.releasing import Draft, drafts

__all__ = ["Draft", "Facts", "Publisher", "compiled", "drafts"]

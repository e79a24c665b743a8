"""Red flags: patterns in a purchase that somebody should look at. Facts in, findings with their evidence out; no judgement.

Pure functions over facts and limits; which limits count comes from the decision table ``red_flag_rules``. A finding never
bars anybody: 87号令 第三十七条 and 政府采购法实施条例 第七十四条 leave the judgement to the panel and the authorities.
"""

from __future__ import annotations

from procurement.flags.facts import ApplicationFacts, BidFacts, FileFacts, PastAward, PurchaseFacts
from procurement.flags.finding import KINDS, STAGES, Evidence, Finding

__all__ = [
    "KINDS",
    "STAGES",
    "ApplicationFacts",
    "BidFacts",
    "Evidence",
    "FileFacts",
    "Finding",
    "PastAward",
    "PurchaseFacts",
]

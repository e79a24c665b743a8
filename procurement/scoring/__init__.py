"""Exact ranking of bids with a stated rule for ties."""

from procurement.scoring.ranking import Candidate, Place, Ranking, Sheet, SheetsUnusable, TieStep, rank

__all__ = ["Candidate", "Place", "Ranking", "Sheet", "SheetsUnusable", "TieStep", "rank"]

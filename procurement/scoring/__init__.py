"""Exact scores: sheets, objective items, one expert's marks, hints to the chair, and the ranking with a stated rule for ties."""

from procurement.scoring.ranking import Candidate, Place, Ranking, Sheet, SheetsUnusable, TieStep, rank

__all__ = ["Candidate", "Place", "Ranking", "Sheet", "SheetsUnusable", "TieStep", "rank"]

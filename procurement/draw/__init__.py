"""Draws that anybody can repeat: commit and reveal, and who was drawn follows from the published file alone."""

from procurement.draw.choosing import Chosen, Stratum, TooFew, chosen, next_alternate
from procurement.draw.sampling import drawn, shuffled
from procurement.draw.verifying import Check, checks

__all__ = ["Check", "Chosen", "Stratum", "TooFew", "checks", "chosen", "drawn", "next_alternate", "shuffled"]

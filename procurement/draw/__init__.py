"""Draws that anybody can repeat: who was drawn follows from the recorded seed and the recorded list alone."""

from procurement.draw.sampling import drawn, shuffled

__all__ = ["drawn", "shuffled"]

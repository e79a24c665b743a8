"""What outlives a case: the registers and their tables."""

from procurement.registers.migration import migrate

__all__ = ["migrate"]

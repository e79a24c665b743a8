"""What outlives a case: the registers and their tables."""

from procurement.registers.migration import is_migrated, migrate, refuse_newer

__all__ = ["is_migrated", "migrate", "refuse_newer"]

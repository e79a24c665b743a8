"""The facade the web uses."""

from procurement.office.office import Office

__all__ = ["Office"]

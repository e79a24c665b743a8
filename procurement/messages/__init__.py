"""Messages to people: in the pages at once, by mail as each person wants it; reminders and escalation of deadlines."""

from procurement.messages.telling import recipients, tell

__all__ = ["recipients", "tell"]

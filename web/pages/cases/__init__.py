"""One purchase as a case: where it stands, how it came there, and why."""

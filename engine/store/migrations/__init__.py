"""The numbered revisions of the engine's tables."""

"""What the studio looks for: the engine's checks with the office's facts, and what only purchasing knows."""

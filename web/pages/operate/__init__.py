"""What operators look at: where cases stand, what takes long, what stopped, who did what."""

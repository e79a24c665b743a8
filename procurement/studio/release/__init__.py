"""The parts of releasing: what a release is, what it must pass, what its steps do inside the case's transaction."""

"""Golden files: a whole database as an earlier version of this software left it, with cases standing at every kind of wait."""

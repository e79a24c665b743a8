"""台账: the pages of every register that is described as data."""

"""Surveys of satisfaction: what is asked, what may be answered, links that cannot be guessed, and figures that name nobody."""

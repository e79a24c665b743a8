"""What anybody may read without logging in: notices, results, one purchase's published side, how to verify it, feeds, open data."""

from web.pages.public.routes import blueprint

__all__ = ["blueprint"]

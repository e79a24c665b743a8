"""What can go wrong at the door."""

from __future__ import annotations

from engine.errors import Conflict, InvalidInput, NotPermitted


class WrongCredentials(NotPermitted):
    """The login name or the password is wrong. Try again, or ask an administrator to reset it."""


class TooManyAttempts(NotPermitted):
    """Too many failed attempts. Wait {seconds} seconds, then try again."""


class TokenRefused(NotPermitted):
    """The token is unknown, expired or revoked. Ask for a new one."""


class LoginTaken(Conflict):
    """The login name {login} is taken. Choose another one."""


class WeakPassword(InvalidInput):
    """A password needs at least {minimum} characters and must not contain the login name."""

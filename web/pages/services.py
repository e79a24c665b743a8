"""What a view works with: the engine and the office the application was composed of."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from engine.facade import ProcessEngine
from procurement.office import Office
from web.composition import Services

_KEY = "bixuan"


def install(pages: Flask, services: Services) -> None:
    pages.extensions[_KEY] = services


def services() -> Services:
    return cast("Services", current_app.extensions[_KEY])


def engine() -> ProcessEngine:
    return services().engine


def office() -> Office:
    return services().office

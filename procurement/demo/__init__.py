"""The demo office: registers, people, and purchases that stand at every step, played through the real processes."""

from procurement.demo.loading import load
from procurement.demo.people import ACCOUNTS, DemoAccount
from procurement.demo.registers import PASSWORD

__all__ = ["ACCOUNTS", "PASSWORD", "DemoAccount", "load"]

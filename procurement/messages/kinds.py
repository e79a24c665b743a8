"""What messages are about, and what a person gets by mail of each kind unless they say otherwise."""

from __future__ import annotations

IMMEDIATE, DIGEST, NONE = "immediate", "digest", "none"
MODES = (IMMEDIATE, DIGEST, NONE)

KINDS: dict[str, str] = {  # kind → how it is mailed until the person chooses
    "task": IMMEDIATE,
    "reminder": IMMEDIATE,
    "escalation": IMMEDIATE,
    "urge": IMMEDIATE,
    "case": DIGEST,
    "notice": IMMEDIATE,
    "application": IMMEDIATE,
    "result": IMMEDIATE,
    "objection": IMMEDIATE,
    "contract": IMMEDIATE,
    "draw": IMMEDIATE,
    "evidence": IMMEDIATE,
    "incident": IMMEDIATE,
    "notification": IMMEDIATE,  # what a diagram says without naming a kind
}

"""The two ready-made text patterns of form-js, in linear time."""

from __future__ import annotations

import re

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", re.ASCII)
_HOST_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
# form-js wants the international form; an office types 13812345678, 010-12345678 or 0571 8812 3456
_PHONE = re.compile(
    r"((\+|00)86)?1[3-9]\d{9}|((\+|00)86)?0?\d{2,3}\d{7,8}(x\d{1,6})?|400\d{7}|95\d{3,4}|12\d{3}|(\+|00)[1-9]\d{6,14}", re.ASCII
)


def is_email(text: str) -> bool:
    local, separator, host = text.rpartition("@")
    labels = host.split(".")
    is_host = len(host) <= 253 and all(_HOST_LABEL.fullmatch(label) for label in labels)
    return bool(separator) and _LOCAL.fullmatch(local) is not None and is_host


def is_phone(text: str) -> bool:
    """Mobile, landline with area code, service number, or any international number."""
    return _PHONE.fullmatch(re.sub(r"(?<=\d)[ -](?=\d)", "", text)) is not None

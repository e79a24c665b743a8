"""On PYTHONPATH it keeps a Python program from reaching anything: every socket is refused."""

import socket
from typing import Any, NoReturn


def _refused(*_: Any, **__: Any) -> NoReturn:
    raise AssertionError("the network was asked for")


socket.socket.connect = _refused  # type: ignore[method-assign]
socket.socket.connect_ex = _refused  # type: ignore[method-assign]
socket.getaddrinfo = _refused

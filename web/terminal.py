"""What the command line prints and asks."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable

from engine.errors import Problem
from web.sentences import in_chinese

WEIGHTS = {"error": "必须改正", "warning": "提示", "hint": "提示"}


def say(text: str, *, to_error: bool = False) -> None:
    """One line, at once, also into a pipe."""
    print(text, file=sys.stderr if to_error else sys.stdout, flush=True)


def report_problems(problems: Iterable[Problem]) -> None:
    """One line per problem: file, line, element, sentence."""
    for problem in problems:
        say(
            f"{problem.file}:{problem.line} [{problem.element}] {WEIGHTS[problem.severity]}：{in_chinese(problem)}", to_error=True
        )


def ask_password() -> str:
    """Typed twice without echo at a terminal, or one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    while True:
        first = getpass.getpass("密码：")
        if first == getpass.getpass("再输一次："):
            return first
        say("两次输入不一致，请重新输入。")

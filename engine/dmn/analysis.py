"""Static analysis of a decision table: which inputs no rule answers, which two rules answer, which rules never do.

The values of each column are cut into pieces on which all cells are constant (engine.dmn.atoms); cells are then really
evaluated on one witness per piece, and combinations of pieces are followed column by column, keeping the set of rules that
still match as a bit mask. Equal sets at the same column are followed once, so the work depends on how many different sets
there are, not on the product of the columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.dmn.atoms import Mixed, witnesses
from engine.dmn.cell_bounds import Opaque, bounds_of
from engine.dmn.correlation import Correlations, correlations
from engine.dmn.running import Frame, Run
from engine.dmn.tables import Column, CompiledTable
from engine.dmn.types import restriction
from engine.feel import Feel

_MAX_VISITS = 100_000
_MAX_FINDINGS = 5


@dataclass(frozen=True)
class Piece:
    """Values a column may have: a witness, the rules that match it, and the rules of which that is not known."""

    witness: Any
    sure: int
    maybe: int


@dataclass
class Analysis:
    """``gaps``: witnesses no rule matches. ``overlaps``: rule positions and a witness they match together.

    ``complete``: every input allowed by the columns is matched by a rule. ``finished`` is False when the table was too large.
    """

    gaps: list[tuple[Any, ...]] = field(default_factory=list)
    overlaps: list[tuple[tuple[int, ...], tuple[Any, ...]]] = field(default_factory=list)
    unreachable: list[int] = field(default_factory=list)
    complete: bool = True
    finished: bool = True


def analyse(table: CompiledTable, feel: Feel) -> Analysis:
    links = correlations(table, feel)
    pieces = [_pieces(table, n, column, feel, links) for n, column in enumerate(table.columns)]
    return _Search(table, pieces, links).run()


def _pieces(table: CompiledTable, n: int, column: Column, feel: Feel, links: Correlations) -> list[Piece]:
    """The column's pieces that its allowed values admit; one unknown piece when its cells cannot be read."""
    opaque: set[int] = set()
    constants: list[Any] = list(links.cuts.get(n, []))
    for row, rule in enumerate(table.source.rules):
        try:
            constants += _constants(rule.tests[n], table, feel)
        except Opaque:
            opaque.add(row)
    try:
        for allowed in (column.allowed_text, restriction(column.type)):
            constants += _constants(allowed, table, feel)
        values = witnesses(constants, column.type)
    except (Opaque, Mixed):
        return [_unknown(table, n)]
    pieces = [_piece(table, n, value, opaque) for value in values if _is_admitted(column, value)]
    return pieces if n in links.linked else _grouped(pieces)


def _constants(text: str, table: CompiledTable, feel: Feel) -> list[Any]:
    if text in ("", "-"):
        return []
    return bounds_of(feel.unary_tests(text, table.names).tree)


def _is_admitted(column: Column, value: Any) -> bool:
    if value is None:
        return True
    is_allowed = column.allowed is None or column.allowed(value, Frame({}, Run())) is True
    return is_allowed and (column.type.accepts(value) or not restriction(column.type))


def _piece(table: CompiledTable, n: int, value: Any, opaque: set[int]) -> Piece:
    frame = Frame({}, Run())
    sure = maybe = 0
    for position, row in enumerate(table.rows):
        test = row.tests[n]
        if test is None or (position not in opaque and test(value, frame) is True):
            sure |= 1 << position
        elif position in opaque:
            maybe |= 1 << position
    return Piece(value, sure, maybe)


def _unknown(table: CompiledTable, n: int) -> Piece:
    sure = sum(1 << position for position, row in enumerate(table.rows) if row.tests[n] is None)
    return Piece("…", sure, ((1 << len(table.rows)) - 1) & ~sure)


def _grouped(pieces: list[Piece]) -> list[Piece]:
    """One piece per different set of rules, for the others would only repeat the findings; but every gap is shown."""
    found: dict[Any, Piece] = {}
    for n, piece in enumerate(pieces):
        found.setdefault((piece.sure, piece.maybe) if piece.sure | piece.maybe else n, piece)
    return list(found.values())


class _Search:
    def __init__(self, table: CompiledTable, pieces: list[list[Piece]], links: Correlations) -> None:
        self._policy = table.source.hit_policy
        self._outputs = [tuple(getattr(cell, "text", "") for cell in rule.outputs) for rule in table.source.rules]
        self._pieces = pieces
        self._links = links
        self._all = (1 << len(table.rows)) - 1
        self._reached = 0
        self._visits = 0
        self._seen: set[tuple[Any, ...]] = set()
        self._found = Analysis()

    def run(self) -> Analysis:
        self._follow(0, self._all, 0, ())
        found = self._found
        if found.finished:
            found.unreachable = [n for n in range(self._all.bit_length()) if not self._reached >> n & 1]
        found.complete = found.complete and found.finished and not found.gaps
        return found

    def _follow(self, column: int, sure: int, maybe: int, witness: tuple[Any, ...]) -> None:
        if not self._links.is_possible(witness) or not self._is_new(column, sure, maybe, witness):
            return
        if column == len(self._pieces) or not (sure | maybe or self._links.derived):
            rest = tuple(pieces[0].witness for pieces in self._pieces[column:] if pieces)
            self._judge(sure, maybe, witness + rest)
            return
        for piece in self._pieces[column]:
            # a rule stays certain while every cell so far is; one doubtful cell makes it doubtful
            still = sure & piece.sure
            doubtful = ((sure | maybe) & (piece.sure | piece.maybe)) & ~still
            self._follow(column + 1, still, doubtful, (*witness, piece.witness))

    def _is_new(self, column: int, sure: int, maybe: int, witness: tuple[Any, ...]) -> bool:
        """What no rule matches is looked at every time: each has a witness of its own."""
        self._visits += 1
        if self._visits > _MAX_VISITS:
            self._found.finished = False
            return False
        if not (sure | maybe or self._links.derived):
            return True
        state = (column, sure, maybe, *(str(witness[n]) for n in sorted(self._links.linked) if n < column))
        is_new = state not in self._seen
        self._seen.add(state)
        return is_new

    def _judge(self, sure: int, maybe: int, witness: tuple[Any, ...]) -> None:
        found = self._found
        if not sure:
            found.complete = False
            if not maybe and len(found.gaps) < _MAX_FINDINGS:
                found.gaps.append(witness)
        if self._policy == "FIRST":
            first = sure & -sure  # the lowest bit: rules below a certain one never answer here
            self._reached |= first | (maybe & (first - 1 if first else maybe))
            return
        self._reached |= sure | maybe
        rules = tuple(n for n in range(sure.bit_length()) if sure >> n & 1)
        if self._is_conflict(rules) and len(found.overlaps) < _MAX_FINDINGS:
            found.overlaps.append((rules, witness))

    def _is_conflict(self, rules: tuple[int, ...]) -> bool:
        if len(rules) < 2:
            return False
        return self._policy == "UNIQUE" or (self._policy == "ANY" and len({self._outputs[n] for n in rules}) > 1)

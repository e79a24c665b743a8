"""The grammar of types, as after ``instance of`` and in function parameters."""

from __future__ import annotations

from engine.feel.syntax.cursor import KEYWORDS, Cursor
from engine.feel.syntax.names import NameTable
from engine.feel.values.types import ANY, SIMPLE_TYPES, ContextType, FeelType, FunctionType, ListType, RangeType

_SIMPLE = NameTable(SIMPLE_TYPES)


class TypeGrammar(Cursor):
    def type_(self) -> FeelType:
        """Rule: type = "list<" type ">" | "range<" type ">" | "context<" entries ">" | "function<" types "> ->" type | name"""
        if self.here.kind != "name":
            raise self.unexpected("a type", SIMPLE_TYPES)
        if self.after().text == "<" and self.here.text in ("list", "range", "context", "function"):
            return self._generic(self.advance().text)
        found = self.type_names.longest(self.tokens, self.index) or _SIMPLE.longest(self.tokens, self.index)
        if found:
            self.advance(found[0])
            return self._named(found[1])
        return self._qualified()

    def _generic(self, constructor: str) -> FeelType:
        self.expect("<")
        kind: FeelType
        if constructor == "context":
            kind = ContextType(self._context_entries())
        elif constructor == "function":
            parameters = self._types()
            self.expect(">")
            self.expect("->")
            return FunctionType(parameters, self.type_())
        else:
            element = self.type_()
            kind = ListType(element) if constructor == "list" else RangeType(element)
        self.expect(">")
        return kind

    def _types(self) -> tuple[FeelType, ...]:
        """Rule: types = [ type { "," type } ]"""
        if self.at(">"):
            return ()
        types = [self.type_()]
        while self.accept(","):
            types.append(self.type_())
        return tuple(types)

    def _context_entries(self) -> tuple[tuple[str, FeelType], ...]:
        """Rule: entries = name ":" type { "," name ":" type }"""
        entries: list[tuple[str, FeelType]] = []
        while not entries or self.accept(","):
            name = self.words_until(":")
            if name is None:
                raise self.unexpected("the name of an entry")
            self.expect(":")
            entries.append((name, self.type_()))
        return tuple(entries)

    def _qualified(self) -> FeelType:
        """Rule: name = word { word } { "." word { word } }"""
        start, begin = self.index, self.here.start
        self.advance()
        while (self.here.kind == "name" and self.here.text not in KEYWORDS) or (self.at(".") and self.after().kind == "name"):
            self.advance(2 if self.at(".") else 1)
        name = " ".join(self.text[begin : self.tokens[self.index - 1].end].split())
        if name not in self.types and name not in SIMPLE_TYPES:
            self.rewind(start)
            raise self.unexpected("a type", [*SIMPLE_TYPES, *self.types])
        return self._named(name)

    def _named(self, name: str) -> FeelType:
        return self.types.get(name) or SIMPLE_TYPES.get(name, ANY)

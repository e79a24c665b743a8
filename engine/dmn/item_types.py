"""Item definitions become types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.dmn.formulas import Formulas
from engine.dmn.model import Definitions, ItemDefinition, Place
from engine.dmn.running import Frame, Run
from engine.dmn.types import ANY, BUILT_IN, ContextType, FeelType, FunctionType, ListType, Named, Restricted


class TypeTable:
    """The named types of a model and of the models it imports (``myimport.tPerson``)."""

    def __init__(self, definitions: Definitions, imported: Mapping[str, TypeTable], formulas: Formulas) -> None:
        self._formulas = formulas
        self.by_name: dict[str, FeelType] = {}
        for prefix, table in imported.items():
            self.by_name |= {f"{prefix}.{name}" if prefix else name: found for name, found in table.by_name.items()}
        for item in definitions.items:
            self.by_name[item.name] = ANY  # known before read: types may refer to themselves and to later ones
        for item in definitions.items:
            self.by_name[item.name] = self._read(item)

    def find(self, reference: str, place: Place) -> FeelType:
        """The type called ``reference``; "" is Any. An unknown name is noted and holds everything."""
        if not reference:
            return ANY
        if reference in self.by_name:
            return Named(reference, self.by_name)
        if reference in BUILT_IN:
            return BUILT_IN[reference]
        self._formulas.problem(place, "Type {type} is not defined in this model.", type=reference, severity="warning")
        return ANY

    def without_limits(self) -> dict[str, FeelType]:
        """The types as FEEL's ``instance of`` sees them: allowed values do not count there."""
        bare: dict[str, FeelType] = {}
        bare |= {name: _bare(found, bare) for name, found in self.by_name.items()}
        return bare

    def member_names(self) -> frozenset[str]:
        """Names of entries of all structures: FEEL must know those with spaces to read a path."""
        names: set[str] = set()
        for found in self.by_name.values():
            _collect(found, names)
        return frozenset(names)

    def _read(self, item: ItemDefinition) -> FeelType:
        read: FeelType
        if item.parameters is not None:
            parameters = tuple(self.find(p.type_ref, item.place) for p in item.parameters)
            read = FunctionType(parameters, self.find(item.result_ref, item.place))
        elif item.components:
            read = ContextType(tuple((component.name, self._read(component)) for component in item.components))
        else:
            read = self.find(item.type_ref, item.place)
        if item.allowed:
            read = self.restricted(read, item.allowed, item.place)
        if item.is_collection:
            read = ListType(read)
        return self.restricted(read, item.constraint, item.place) if item.constraint else read

    def restricted(self, base: FeelType, allowed: str, place: Place) -> FeelType:
        test = self._formulas.unary_tests(allowed, frozenset(), place)
        if test is None:
            return base

        def within(value: Any) -> bool:
            return test(value, Frame({}, Run())) is True

        return Restricted(base.name, base, allowed, within)


def _bare(found: FeelType, types: Mapping[str, FeelType]) -> FeelType:
    match found:
        case Restricted():
            return _bare(found.base, types)
        case Named():
            return Named(found.name, types)
        case ListType():
            return ListType(_bare(found.element, types))
        case ContextType():
            return ContextType(tuple((name, _bare(inner, types)) for name, inner in found.entries))
        case FunctionType():
            return FunctionType(tuple(_bare(p, types) for p in found.parameters), _bare(found.result, types))
    return found


def _collect(found: FeelType, names: set[str]) -> None:
    match found:
        case ContextType():
            for name, inner in found.entries:
                names.add(name)
                _collect(inner, names)
        case ListType():
            _collect(found.element, names)
        case Restricted():
            _collect(found.base, names)

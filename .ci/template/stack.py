"""A stack as it would be made: the resources that are there, everything in them evaluated."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator, Mapping
from typing import Any

from template.resolve import Resolver
from template.sets import SETS
from template.translate import parameter_values, translate, with_values
from template.translate import source as written


class Stack:
    """What one parameter set makes.

    `name` is that of the set, `values` are the parameters, as text, and `resources` the resources by
    logical id.
    """

    def __init__(self, name: str, values: Mapping[str, str], resources: dict[str, Any]) -> None:
        self.name = name
        self.values = values
        self.resources = resources

    @staticmethod
    @functools.cache
    def of(name: str) -> Stack:
        """The stack of the parameter set of that name. Not to be changed: see `copy`."""
        return Stack.made(name, SETS[name])

    @staticmethod
    def made(name: str, chosen: Mapping[str, str]) -> Stack:
        """The stack of these parameters."""
        values = parameter_values(with_values(written(), chosen))
        template = translate(chosen)
        resolver = Resolver(template, values)
        resources = {
            id: resolver.resolve(resource)
            for id, resource in template["Resources"].items()
            if "Condition" not in resource or resolver.holds(resource["Condition"])
        }
        return Stack(name, values, resources)

    def copy(self) -> Stack:
        return Stack(self.name, dict(self.values), copy.deepcopy(self.resources))

    def of_type(self, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Logical id and properties of every resource of these types."""
        for id, resource in self.resources.items():
            if resource["Type"] in types:
                yield id, resource.get("Properties", {})

    def packaged(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Logical id and properties of the functions that run the package; others are inline."""
        for id, function in self.of_type("AWS::Lambda::Function"):
            if "ZipFile" not in function.get("Code", {}):
                yield id, function

    def properties(self, id: str) -> dict[str, Any]:
        """Of the resource of that id; nothing if it is not there."""
        return self.resources.get(id, {}).get("Properties", {})

    def says(self, parameter: str, *values: str) -> bool:
        """Whether a parameter is one of these values."""
        return self.values[parameter] in values


def dig(value: Any, *path: Any) -> Any:
    """What is at a path of keys and indices, or nothing."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def true(value: Any) -> bool:
    return str(value).lower() == "true"


def listed(value: Any) -> list[Any]:
    """IAM writes one of something without a list around it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

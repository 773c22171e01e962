"""CloudFormation's functions, evaluated for one choice of parameters.

What only AWS knows stays a reference, in one written form whatever function it came from:
`${Results}`, `${Results.Arn}`, `${AWS::Region}`. So `!Ref Out`, `!Sub "${Out}"` and a join of it
are the same text, and can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


# so that what the template takes out of the stack's id can be taken
STACK_ID = (
    "arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${AWS::StackName}"
    "/01234567-89ab-cdef-0123-456789abcdef"
)


class _NoValue:
    pass


NO_VALUE = _NoValue()


class Resolver:
    """Evaluates with these parameters and this template's conditions and mappings."""

    def __init__(self, template: Mapping[str, Any], values: Mapping[str, str]) -> None:
        self._conditions = template.get("Conditions", {})
        self._mappings = template.get("Mappings", {})
        self._values = {
            name: _typed(str(declared.get("Type", "String")), values[name])
            for name, declared in template.get("Parameters", {}).items()
        }

    def holds(self, condition: Any) -> bool:
        """Whether a condition, or the one of that name, is true."""
        if isinstance(condition, str):
            return self.holds(self._conditions[condition])
        ((name, argument),) = condition.items()
        if name == "Condition":
            return self.holds(argument)
        if name == "Fn::Equals":
            first, second = (self.resolve(each) for each in argument)
            return _plain(first) == _plain(second)
        if name == "Fn::Not":
            return not self.holds(argument[0])
        if name == "Fn::And":
            return all(self.holds(each) for each in argument)
        if name == "Fn::Or":
            return any(self.holds(each) for each in argument)
        if name == "Fn::EachMemberIn":  # in rules only, as the next
            known = self.resolve(argument[1])
            return all(each in known for each in self.resolve(argument[0]) or [""])
        if name == "Fn::Contains":
            return self.resolve(argument[1]) in [self.resolve(each) for each in argument[0]]
        raise ValueError(f"unknown condition {name}")

    def resolve(self, value: Any) -> Any:
        """The value with every function evaluated; `NO_VALUE` for what is not to be there."""
        if isinstance(value, list):
            items = [self.resolve(each) for each in value]
            return [each for each in items if each is not NO_VALUE]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            function = getattr(self, "_" + name.removeprefix("Fn::").lower(), None)
            if function is not None and (name == "Ref" or name.startswith("Fn::")):
                return function(argument)
            if name.startswith("Fn::"):
                return {name: self.resolve(argument)}
        found = {name: self.resolve(each) for name, each in value.items()}
        return {name: each for name, each in found.items() if each is not NO_VALUE}

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name == "AWS::StackId":
            return STACK_ID
        return self._values.get(name, "${" + name + "}")

    def _getatt(self, argument: Any) -> str:
        path = argument if isinstance(argument, str) else ".".join(argument)
        return "${" + path + "}"

    def _if(self, argument: Any) -> Any:
        condition, yes, no = argument
        return self.resolve(yes if self.holds(condition) else no)

    def _sub(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument

        def variable(found: re.Match[str]) -> str:
            name = found.group(1)
            return _plain(self.resolve(own[name]) if name in own else self._ref(name))

        return VARIABLE.sub(variable, text)

    def _join(self, argument: Any) -> Any:
        separator, items = argument[0], self.resolve(argument[1])
        if not isinstance(items, list):
            return {"Fn::Join": [separator, items]}
        return separator.join(_plain(each) for each in items)

    def _split(self, argument: Any) -> Any:
        text = self.resolve(argument[1])
        return text.split(argument[0]) if isinstance(text, str) else {"Fn::Split": text}

    def _select(self, argument: Any) -> Any:
        index, items = int(self.resolve(argument[0])), self.resolve(argument[1])
        # an attribute that only AWS knows has no parts yet
        waits = not isinstance(items, list) or (index >= len(items) and any("${" in str(each) for each in items))
        return {"Fn::Select": [index, items]} if waits else items[index]

    def _findinmap(self, argument: Any) -> Any:
        name, first, second = (self.resolve(each) for each in argument[:3])
        return self.resolve(self._mappings[name][first][second])


def _typed(kind: str, value: str) -> Any:
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [each.strip() for each in value.split(",")] if value else []
    return value


def _plain(value: Any) -> str:
    """As CloudFormation turns it into text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(_plain(each) for each in value)
    return str(value)

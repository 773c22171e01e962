"""CloudWatch's metric math, as far as the alarms use it; anything else is refused.

A value is a number, or None where there is none. An operator has a value only if both sides have
one. CloudWatch does not document `IF` without its condition; here it has no value either.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

Value = float | None
Lookup = Callable[[str], Value]
Node = tuple[Any, ...]

TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|[A-Za-z_]\w*|>=|<=|==|!=|[-+*/><(),])")
LEVELS = (("OR",), ("AND",), (">=", "<=", "==", "!=", ">", "<"), ("+", "-"), ("*", "/"))
OPERATORS: dict[str, Callable[[float, float], float]] = {
    "OR": lambda a, b: bool(a) or bool(b),
    "AND": lambda a, b: bool(a) and bool(b),
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: a / b if b else None,
}
ARGUMENTS = {"IF": 3, "FILL": 2, "ANOMALY_DETECTION_BAND": 2}


def parse(text: str) -> Node:
    """A tree of `(number,)`, `(id,)`, `(operator, left, right)` and `(function, argument, …)`."""
    tokens = TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise ValueError(f"not understood: {text}")
    node = _level(tokens, 0)
    if tokens:
        raise ValueError(f"not understood from {tokens[0]} on: {text}")
    return node


def _level(tokens: list[str], level: int) -> Node:
    if level == len(LEVELS):
        return _operand(tokens)
    node = _level(tokens, level + 1)
    while tokens and tokens[0] in LEVELS[level]:
        node = (tokens.pop(0), node, _level(tokens, level + 1))
    return node


def _operand(tokens: list[str]) -> Node:
    if not tokens:
        raise ValueError("an operand is missing")
    token = tokens.pop(0)
    if token == "(":
        node = _level(tokens, 0)
        _take(tokens, ")")
        return node
    if tokens and tokens[0] == "(":
        if token not in ARGUMENTS:
            raise ValueError(f"unknown function {token}")
        tokens.pop(0)
        arguments = [_level(tokens, 0)]
        while len(arguments) < ARGUMENTS[token]:
            _take(tokens, ",")
            arguments.append(_level(tokens, 0))
        _take(tokens, ")")
        return (token, *arguments)
    if token[0].isdigit():
        return (float(token),)
    if not token[0].isalpha():
        raise ValueError(f"{token} is not a value")
    return (token,)


def _take(tokens: list[str], expected: str) -> None:
    found = tokens.pop(0) if tokens else "nothing"
    if found != expected:
        raise ValueError(f"{found} instead of {expected}")


def value(node: Node, lookup: Lookup) -> Value:
    """Of an expression with these values of its ids. A band has none: see `judge`."""
    head, *arguments = node
    if not arguments:
        return head if isinstance(head, float) else lookup(head)
    if head == "ANOMALY_DETECTION_BAND":
        raise ValueError("a band is a threshold, not a value")
    if head == "IF":
        condition = value(arguments[0], lookup)
        return None if condition is None else value(arguments[1 if condition else 2], lookup)
    first, second = (value(each, lookup) for each in arguments)
    if head == "FILL":
        return second if first is None else first
    if first is None or second is None:
        return None
    return OPERATORS[head](first, second)

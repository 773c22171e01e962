"""What must hold of every stack. A property is a function: of a stack, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from template.stack import Stack

Property = Callable[[Stack], Iterator[str]]

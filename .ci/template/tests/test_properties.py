"""Every property holds of every parameter set, and every planted mistake is found."""

from __future__ import annotations

import unittest

from template.properties.every import EVERY
from template.sets import SETS
from template.stack import Stack
from template.tests import mistakes_edge
from template.tests.mistakes import MISTAKES

ALL = (*MISTAKES, *mistakes_edge.MISTAKES)


class PropertiesTest(unittest.TestCase):
    def test_every_property_holds_of_every_set(self) -> None:
        for name in SETS:
            for property in EVERY:
                with self.subTest(set=name, property=property.__name__):
                    self.assertEqual([], list(property(Stack.of(name))))

    def test_every_mistake_is_found(self) -> None:
        for mistake in ALL:
            with self.subTest(property=mistake.property.__name__, mistake=mistake.what):
                stack = Stack.of(mistake.set).copy()
                mistake.make(stack)
                self.assertNotEqual([], list(mistake.property(stack)))

    def test_every_property_has_a_mistake_that_it_finds(self) -> None:
        tried = {mistake.property for mistake in ALL}
        self.assertEqual([], [each.__name__ for each in EVERY if each not in tried])

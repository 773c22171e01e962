"""The template's own rules: what CloudFormation refuses before it makes anything."""

from __future__ import annotations

from collections.abc import Mapping

from template.resolve import Resolver
from template.translate import parameter_values, source, with_values


def refusals(values: Mapping[str, str]) -> list[str]:
    """The descriptions of the assertions that a stack with these parameters does not meet."""
    template = with_values(source(), values)
    resolver = Resolver(template, parameter_values(template))
    return [
        assertion["AssertDescription"]
        for rule in template["Rules"].values()
        if "RuleCondition" not in rule or resolver.holds(rule["RuleCondition"])
        for assertion in rule["Assertions"]
        if not resolver.holds(assertion["Assert"])
    ]

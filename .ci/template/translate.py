"""template.yaml through the SAM translator, as CloudFormation does it at deployment."""

from __future__ import annotations

import copy
import re
import functools
import logging
import os
from collections.abc import Mapping
from typing import Any

from template.paths import REGIONS, SOURCE

# the translator asks boto3 for the region, to know the partition; nothing is called
os.environ.setdefault("AWS_DEFAULT_REGION", REGIONS[0])

from samtranslator.translator.transform import transform  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

PACKAGE = "target/pilotlight.zip"
UPLOADED = "s3://bucket/package"

Template = dict[str, Any]


class NoManagedPolicies:
    """Stands in for IAM: we name no managed policy by its short name, so there is none."""

    def load(self) -> dict[str, str]:
        return {}


@functools.cache
def _source() -> Template:
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    return yaml_parse(SOURCE.read_text(encoding="utf-8"))


def source() -> Template:
    """The template as it is written, with functions in their long form."""
    return copy.deepcopy(_source())


def with_values(template: Template, values: Mapping[str, str]) -> Template:
    """The template with these values as its parameters' defaults; fails for unknown ones."""
    chosen = copy.deepcopy(template)
    parameters = chosen["Parameters"]
    unknown = sorted(set(values) - set(parameters))
    if unknown:
        raise ValueError(f"template.yaml has no parameter {', '.join(unknown)}")
    for name, value in values.items():
        # a number stays one, as cfn-lint compares it with its allowed values
        allowed = {str(each): each for each in parameters[name].get("AllowedValues", [])}
        if allowed and value not in allowed:
            raise ValueError(f"{name} cannot be {value}")
        pattern = parameters[name].get("AllowedPattern")
        if pattern and parameters[name]["Type"] == "String" and not re.fullmatch(pattern, value):
            raise ValueError(f"{name} cannot be {value}: it must match {pattern}")
        parameters[name]["Default"] = allowed.get(value, value)
    return chosen


def parameter_values(template: Template) -> dict[str, str]:
    """What each parameter is when a stack is made with the defaults."""
    return {name: str(each.get("Default", "")) for name, each in template["Parameters"].items()}


def translate(values: Mapping[str, str]) -> Template:
    """The CloudFormation template of a stack with these parameters."""
    chosen = with_values(source(), values)
    _upload(chosen)
    return transform(chosen, parameter_values(chosen), NoManagedPolicies())


def _upload(template: Template) -> None:
    """Names a place in S3 for the package, as `sam deploy` does: the translator wants one."""
    place(template, UPLOADED)


def place(template: Template, uploaded: Any) -> None:
    """Puts this place into the template wherever it names the package."""
    holders = [template.get("Globals", {}).get("Function", {})]
    holders += [resource.get("Properties", {}) for resource in template["Resources"].values()]
    for holder in holders:
        if "CodeUri" in holder:
            if holder["CodeUri"] != PACKAGE:
                raise ValueError(f"CodeUri is {holder['CodeUri']}, not {PACKAGE}")
            holder["CodeUri"] = uploaded

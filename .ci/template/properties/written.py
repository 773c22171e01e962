"""What must hold of parameters and of samconfig.toml, which are not part of a stack."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from template.paths import SAMCONFIG
from template.sets import PRESETS

# What each table of samconfig.toml must have.
WHOLE = {
    "capabilities": "CAPABILITY_IAM",
    "resolve_s3": True,
    "on_failure": "DELETE",
}


def config() -> dict[str, Any]:
    """samconfig.toml."""
    return tomllib.loads(SAMCONFIG.read_text(encoding="utf-8"))


def nothing_hidden_has_a_default(template: dict[str, Any]) -> Iterator[str]:
    """`sam deploy --guided` asks for a hidden parameter without offering its default.

    Where that is empty, the question comes back on every Enter. A secret comes by the name of a
    secret.
    """
    for name, parameter in template["Parameters"].items():
        if str(parameter.get("NoEcho", "false")).lower() == "true" and "Default" in parameter:
            yield f"{name} is hidden, and its default cannot be chosen"


def both_doors_take_the_same_browsers(template: dict[str, Any]) -> Iterator[str]:
    """The API's and the URL's lists of headers are written twice: YAML of CloudFormation has no aliases."""
    api = template["Resources"]["Api"]["Properties"]["CorsConfiguration"]
    url = template["Resources"]["ApiUrl"]["Properties"]["Cors"]
    if api != url:
        yield "the API and the URL take other browsers"


def a_failed_first_deploy_is_deleted(config: dict[str, Any]) -> Iterator[str]:
    """Else its stack stays in ROLLBACK_COMPLETE, and the next deploy is refused."""
    environments = {name: each for name, each in config.items() if isinstance(each, dict)}
    if not environments:
        yield "there is no environment"
    for name, each in environments.items():
        found = each.get("deploy", {}).get("parameters", {}).get("on_failure")
        if found != "DELETE":
            yield f"{name}'s on_failure is {found}"


def presets_are_whole(config: dict[str, Any]) -> Iterator[str]:
    """Tables of samconfig.toml do not inherit: what one lacks, SAM asks for, or does otherwise."""
    environments = {name: each for name, each in config.items() if isinstance(each, dict)}
    if set(environments) != set(PRESETS.values()):
        yield f"the environments are {sorted(environments)}"
    stacks: list[object] = []
    for name, each in environments.items():
        parameters = each.get("deploy", {}).get("parameters", {})
        stacks.append(parameters.get("stack_name"))
        # each stack's costs have a tag of their own
        own = {"tags": f"service={parameters.get('stack_name')}"}
        for key, wanted in {**WHOLE, **own}.items():
            if parameters.get(key) != wanted:
                yield f"{name}'s {key} is {parameters.get(key)}"
        overrides = parameters.get("parameter_overrides")
        if not isinstance(overrides, list) or not all("=" in str(one) for one in overrides):
            yield f"{name}'s parameters are not a list of assignments"
        elif len({one.split("=")[0] for one in overrides}) != len(overrides):
            yield f"{name} sets a parameter twice"
    if None in stacks or len(set(stacks)) != len(stacks):
        yield f"the stacks are named {stacks}"

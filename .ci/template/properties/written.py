"""What must hold of parameters and of samconfig.toml, which are no part of a stack."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from template.paths import SAMCONFIG


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


def a_failed_first_deploy_is_deleted(config: dict[str, Any]) -> Iterator[str]:
    """Else its stack stays in ROLLBACK_COMPLETE, and the next deploy is refused."""
    environments = {name: each for name, each in config.items() if isinstance(each, dict)}
    if not environments:
        yield "there is no environment"
    for name, each in environments.items():
        found = each.get("deploy", {}).get("parameters", {}).get("on_failure")
        if found != "DELETE":
            yield f"{name}'s on_failure is {found}"

"""docs/policies.md compared with what the templates grant: the same rows, and a reason in each."""

from __future__ import annotations

import functools
import itertools
import re
from typing import NamedTuple

from template.grants import Grant, grants
from template.paths import POLICIES
from template.sets import SETS
from template.stack import Stack

COLUMNS = 5
NAMED = re.compile("`([^`]+)`")


class Row(NamedTuple):
    """A row of the review: a grant, and why."""

    grant: Grant
    why: str


@functools.cache
def granted() -> tuple[Grant, ...]:
    """What any of the sets grants or denies."""
    return tuple(dict.fromkeys(grant for name in SETS for grant in grants(Stack.of(name))))


def reviewed(text: str) -> list[Row]:
    """The rows of the review; each table belongs to the heading before it.

    A cell may name several, each in backticks: the row is for each of them, with each of the others.
    """
    rows, policy = [], ""
    for line in text.splitlines():
        if line.startswith("## "):
            policy = NAMED.findall(line)[0]
        if line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            if len(cells) != COLUMNS:
                raise ValueError(f"{COLUMNS} cells are wanted: {line}")
            effect = "Deny" if cells[1].startswith("not ") else "Allow"
            who, actions, resources, conditions = (NAMED.findall(cell) for cell in cells[:4])
            for each, action, resource in itertools.product(who, actions, resources):
                grant = Grant(policy, each, effect, action, resource, "; ".join(conditions))
                rows.append(Row(grant, cells[4]))
    return rows


def disagreements(text: str, actual: tuple[Grant, ...]) -> list[str]:
    """What is granted and not reviewed, reviewed and not granted, or without a reason."""
    rows = reviewed(text)
    known = [row.grant for row in rows]
    found = [f"no row for {row_of(grant)}" for grant in actual if grant not in known]
    found += [f"nothing grants {row_of(each)}" for each in known if each not in actual]
    found += [f"twice: {row_of(each)}" for each in set(known) if known.count(each) > 1]
    found += [f"no reason for {row_of(row.grant)}" for row in rows if len(row.why) < 3]
    return found


def row_of(grant: Grant, why: str = "") -> str:
    """The row as it is written."""
    action = ("not " if grant.effect == "Deny" else "") + f"`{grant.action}`"
    condition = f"`{grant.condition}`" if grant.condition else "–"
    return f"| `{grant.who}` | {action} | `{grant.resource}` | {condition} | {why} |"


def missing_rows() -> list[str]:
    """Headed by their policies."""
    text = POLICIES.read_text(encoding="utf-8") if POLICIES.exists() else ""
    known = [row.grant for row in reviewed(text)]
    lines, policy = [], ""
    for grant in granted():
        if grant not in known:
            if grant.policy != policy:
                policy = grant.policy
                lines += ["", f"## `{policy}`"]
            lines.append(row_of(grant))
    return lines

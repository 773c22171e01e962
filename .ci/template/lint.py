"""cfn-lint on the source, and on what each parameter set makes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from template.paths import REGIONS, ROOT, SOURCE, TRANSLATED
from template.resolve import Resolver
from template.sets import SETS
from template.translate import Template, parameter_values, translate

# this Python's, which need not be the one on the path
CFN_LINT = "import sys; from cfnlint.runner import main; sys.exit(main())"

# the translator puts some parameters' values where their names were
IGNORED_WHEN_TRANSLATED = ("W2001",)


def write_translated() -> list[Path]:
    """Every set's template, into target/template."""
    return [write(name, translate(values)) for name, values in SETS.items()]


def write(name: str, template: Template) -> Path:
    """A translated template as a file to lint.

    A parameter that is left empty loses its default: what refers to it is in a branch that is not
    taken, which cfn-lint does not see. A description that is joined of parameters is written as the
    set makes it: cfn-lint would try every combination of their allowed values.
    """
    resolver = Resolver(template, parameter_values(template))
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        description = properties.get("Description")
        if isinstance(description, dict) and "Fn::Join" in description:
            properties["Description"] = resolver.resolve(description)
    for parameter in template["Parameters"].values():
        if parameter.get("Default") == "":
            del parameter["Default"]
    TRANSLATED.mkdir(parents=True, exist_ok=True)
    file = TRANSLATED / f"{name}.json"
    file.write_text(json.dumps(template, indent=2) + "\n", encoding="utf-8")
    return file


def lint(files: Sequence[Path], ignored: Sequence[str] = ()) -> list[str]:
    """What cfn-lint says of them, for every region of ours; one line each."""
    command = [sys.executable, "-c", CFN_LINT, "--format", "parseable"]
    command += ["--non-zero-exit-code", "none", "--regions", *REGIONS]
    command += ["--ignore-checks", *ignored] if ignored else []
    command += ["--template", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0 or done.stderr.strip():
        raise RuntimeError(f"cfn-lint failed: {done.stderr or done.stdout}")
    return list(dict.fromkeys(done.stdout.splitlines()))


def complaints() -> list[str]:
    """Of the source and of every set, on all cores."""
    files = write_translated()
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        source = pool.submit(lint, [SOURCE])
        parts = [pool.submit(lint, files[i::cores], IGNORED_WHEN_TRANSLATED) for i in range(cores)]
        return source.result() + [line for part in parts for line in part.result()]

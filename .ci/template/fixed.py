"""The template for a tool that cannot have CloudFormation translate it, such as the CDK.

Two things in a translated template can no longer be changed at deployment.
The ids of the functions' versions follow from the package, so that another package needs another
translation: the file has the package's digest. And the translator writes the values of a few
parameters in their place, so these may only have the value of the translation. The place of the
package is left open, because such a tool uploads it itself: `CodeBucket` and `CodeKey`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform

from template.paths import ROOT
from template.resolve import VARIABLE
from template.translate import NoManagedPolicies, Template, parameter_values, place, source, with_values

BUCKET = "CodeBucket"
KEY = "CodeKey"
PACKAGE = {BUCKET: "Bucket of the package", KEY: "Key of the package"}
FUNCTIONS = ("ApiFunction", "BatchFunction")


def fixed(values: Mapping[str, str], digest: str) -> Template:
    """The CloudFormation template of a stack with these parameters and a package of this digest."""
    chosen = with_values(source(), values)
    written = _references(chosen)
    place(chosen, f"s3://code/{digest}")
    template: Template = transform(chosen, parameter_values(chosen), NoManagedPolicies())
    left = _references(template)
    for name, parameter in template["Parameters"].items():
        if left[name] < written[name]:
            parameter["AllowedValues"] = [parameter["Default"]]
    for name, description in PACKAGE.items():
        template["Parameters"][name] = {"Type": "String", "Description": description}
    for function in FUNCTIONS:
        code = {"S3Bucket": {"Ref": BUCKET}, "S3Key": {"Ref": KEY}}
        template["Resources"][function]["Properties"]["Code"] = code
    template["Metadata"]["Pilotlight"] = {"PackageSha256": digest}
    return template


def _references(template: Template) -> Counter[str]:
    """How often each name is referred to outside the parameters."""
    return Counter(_names({name: each for name, each in template.items() if name != "Parameters"}))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _names(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "Ref":
                yield each
            elif name == "Fn::Sub" and isinstance(each, str):
                yield from VARIABLE.findall(each)
            elif name == "Fn::Sub":
                yield from VARIABLE.findall(each[0])
                yield from _names(each[1])
            else:
                yield from _names(each)


def write(arguments: Sequence[str]) -> None:
    """Writes a file for the package and parameters `Name=value` of a command line."""
    if len(arguments) < 2 or not all("=" in each for each in arguments[2:]):
        sys.exit("usage: python -m template fixed PACKAGE.zip FILE.json [Name=value ...]")
    digest = hashlib.sha256(Path(arguments[0]).read_bytes()).hexdigest()
    template = fixed(dict(each.split("=", 1) for each in arguments[2:]), digest)
    file = Path(arguments[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(template, indent=1) + "\n", encoding="utf-8")
    shown = file.resolve()
    print(shown.relative_to(ROOT) if shown.is_relative_to(ROOT) else shown)

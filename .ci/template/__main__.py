"""All checks of the template: `PYTHONPATH=.ci python3 -m template`.

With `rows`, instead: the rows that docs/policies.md lacks, to be given a reason and put there.
With `alarms`: the table of docs/decisions/0031-alarms.md.
With `fixed PACKAGE.zip FILE.json [Name=value ...]`: a translated template for these parameters.
"""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

from template.fixed import write
from template.lint import complaints
from template.paths import REGIONS
from template.policies import missing_rows
from template.sets import DEFAULT, SETS
from template.simulation.run import rows
from template.stack import Stack


def main(arguments: list[str]) -> int:
    if arguments == ["rows"]:
        print("\n".join(missing_rows()))
        return 0
    if arguments == ["alarms"]:
        print("\n".join(rows(Stack.of(DEFAULT), Stack.of("all-alarms"))))
        return 0
    if arguments[:1] == ["fixed"]:
        write(arguments[1:])
        return 0
    found = complaints()
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    print(f"template.yaml: cfn-lint clean in {' and '.join(REGIONS)}, as {len(SETS)} sets too")
    tests = unittest.defaultTestLoader.discover(str(Path(__file__).parent / "tests"), top_level_dir=str(Path(__file__).parents[1]))
    result = unittest.TextTestRunner(buffer=True).run(tests)
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

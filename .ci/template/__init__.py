"""Checks of template.yaml that need no AWS account; `python3 -m template` in `.ci` runs them all."""

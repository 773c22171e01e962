"""Where things are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "template.yaml"
SAMCONFIG = ROOT / "samconfig.toml"
PRICES = ROOT / "src/main/resources/dev/pilotlight/support/prices.properties"
WORKLOAD = ROOT / "src/test/resources/costs/workload.properties"
POLICIES = ROOT / "docs" / "policies.md"
EDGE = ROOT / "docs" / "edge.md"
OPERATE = ROOT / "docs" / "operate.md"
ALARMS_DECISION = ROOT / "docs" / "decisions" / "0031-alarms.md"
TRANSLATED = ROOT / "target" / "template"
REGIONS = ("us-east-1", "eu-central-1")

"""All properties together."""

from __future__ import annotations

from template.properties import Property, access, alarms, api, buckets, data, first, functions, network, presets, tenants

EVERY: tuple[Property, ...] = (
    *access.PROPERTIES,
    *alarms.PROPERTIES,
    *api.PROPERTIES,
    *buckets.PROPERTIES,
    *data.PROPERTIES,
    *first.PROPERTIES,
    *functions.PROPERTIES,
    *network.PROPERTIES,
    *presets.PROPERTIES,
    *tenants.PROPERTIES,
)

"""All properties together."""

from __future__ import annotations

from template.properties import Property, access, alarms, api, buckets, dashboards, data, first, functions, network

EVERY: tuple[Property, ...] = (
    *access.PROPERTIES,
    *alarms.PROPERTIES,
    *api.PROPERTIES,
    *buckets.PROPERTIES,
    *dashboards.PROPERTIES,
    *data.PROPERTIES,
    *first.PROPERTIES,
    *functions.PROPERTIES,
    *network.PROPERTIES,
)

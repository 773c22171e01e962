"""All properties together."""

from __future__ import annotations

from template.properties import Property, access, api, buckets, data, functions, network

EVERY: tuple[Property, ...] = (
    *access.PROPERTIES,
    *api.PROPERTIES,
    *buckets.PROPERTIES,
    *data.PROPERTIES,
    *functions.PROPERTIES,
    *network.PROPERTIES,
)

"""All properties together."""

from __future__ import annotations

from template.properties import (
    Property,
    access,
    alarms,
    api,
    batches,
    buckets,
    dashboards,
    data,
    edge,
    fanout,
    first,
    functions,
    network,
    presets,
    spend,
    tenants,
)

EVERY: tuple[Property, ...] = (
    *access.PROPERTIES,
    *alarms.PROPERTIES,
    *api.PROPERTIES,
    *batches.PROPERTIES,
    *buckets.PROPERTIES,
    *dashboards.PROPERTIES,
    *data.PROPERTIES,
    *edge.PROPERTIES,
    *fanout.PROPERTIES,
    *first.PROPERTIES,
    *functions.PROPERTIES,
    *network.PROPERTIES,
    *presets.PROPERTIES,
    *spend.PROPERTIES,
    *tenants.PROPERTIES,
)

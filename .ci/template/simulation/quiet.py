"""Quiet days: traffic that varies by the hour and by chance, and the failures that are always there.

The rates are assumptions, not measurements: of a million requests ten are answered 5xx and two end
without an answer; an on-demand environment starts every three hours; a batch comes every hour.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Mapping

from template.simulation.series import DAY, Metric, World

FAILED_SHARE = 10e-6
UNANSWERED_SHARE = 2e-6
COLD_STARTS = 1 / 180  # a minute
USD = 2.75e-6  # a request
BATCH_USD = 0.01
EVENT_AGE_MS = 400.0
P99_MS = 60.0

API = (("FunctionName", "${ApiFunction}"),)
BATCH = (("FunctionName", "${BatchFunction}"),)
TABLE = (("TableName", "${Results}"),)


def metric(namespace: str, name: str, *dimensions: tuple[str, str]) -> Metric:
    return Metric(namespace, name, frozenset(dimensions))


METRICS: Mapping[str, Metric] = {
    "gateway.requests": metric("AWS/ApiGateway", "Count", ("ApiId", "${Api}")),
    "gateway.5xx": metric("AWS/ApiGateway", "5xx", ("ApiId", "${Api}")),
    "api.invocations": metric("AWS/Lambda", "Invocations", *API),
    "api.unanswered": metric("AWS/Lambda", "Errors", *API),
    "api.throttles": metric("AWS/Lambda", "Throttles", *API),
    "api.lost": metric("AWS/Lambda", "DestinationDeliveryFailures", *API),
    "api.requests": metric("Pilotlight", "Requests", *API),
    "api.5xx": metric("Pilotlight", "ServerErrors", *API),
    "api.not-cached": metric("Pilotlight", "NotCached", *API),
    "api.not-loaded": metric("Pilotlight", "NotLoaded", *API),
    "api.redis-away": metric("Pilotlight", "RedisAway", *API),
    "api.p99": metric("Pilotlight", "Duration", *API),
    "api.cold-starts": metric("Pilotlight", "ColdStarts", *API),
    "api.usd": metric("Pilotlight", "EstimatedCost", *API),
    "api.failed": metric(
        "AWS/SQS", "ApproximateNumberOfMessagesVisible", ("QueueName", "${ApiFailures.QueueName}")
    ),
    "batch.errors": metric("AWS/Lambda", "Errors", *BATCH),
    "batch.age": metric("AWS/Lambda", "AsyncEventAge", *BATCH),
    "batch.dropped": metric("AWS/Lambda", "AsyncEventsDropped", *BATCH),
    "batch.lost": metric("AWS/Lambda", "DestinationDeliveryFailures", *BATCH),
    "batch.usd": metric("Pilotlight", "EstimatedCost", *BATCH),
    "batch.failed": metric(
        "AWS/SQS", "ApproximateNumberOfMessagesVisible", ("QueueName", "${BatchFailures.QueueName}")
    ),
    # no alarm uses this one: it comes late, once
    "batch.sent": metric("AWS/SQS", "NumberOfMessagesSent", ("QueueName", "${BatchFailures.QueueName}")),
    # the same with Door url, and with BatchSource queue
    "url.requests": metric("AWS/Lambda", "UrlRequestCount", *API),
    "url.5xx": metric("AWS/Lambda", "Url5xxCount", *API),
    "queue.failed": metric(
        "AWS/SQS", "ApproximateNumberOfMessagesVisible", ("QueueName", "${BatchDead.QueueName}")
    ),
    "queue.age": metric(
        "AWS/SQS", "ApproximateAgeOfOldestMessage", ("QueueName", "${BatchLines.QueueName}")
    ),
    "table.reads-throttled": metric("AWS/DynamoDB", "ReadThrottleEvents", *TABLE),
    "table.writes-throttled": metric("AWS/DynamoDB", "WriteThrottleEvents", *TABLE),
}


# What another form of the stack has instead of a metric, and by what factor.
ALSO: Mapping[str, tuple[str, float]] = {
    "gateway.requests": ("url.requests", 1),
    "gateway.5xx": ("url.5xx", 1),
    "batch.failed": ("queue.failed", 1),
    "batch.age": ("queue.age", 0.001),
}


@functools.cache
def quiet(requests: float, days: int = 1, seed: int = 1) -> World:
    """The days, and the two weeks before them. Not to be changed: see `World.copy`.

    :param requests: a minute, on average
    """
    chance = random.Random(seed)
    world = World()
    for minute in range(-14 * DAY, days * DAY):
        curve = 1 - 0.6 * math.cos(2 * math.pi * minute / DAY)
        answer(world, minute, _poisson(chance, requests * curve), chance)
        if minute % 60 == 17:
            put(world, minute, "batch.errors", 0)
            put(world, minute, "batch.age", EVENT_AGE_MS * chance.uniform(0.5, 2))
            put(world, minute, "batch.usd", BATCH_USD * chance.uniform(0.5, 2))
    return world


def answer(world: World, minute: int, requests: int, chance: random.Random) -> None:
    """What the stack writes for a minute's requests."""
    if requests == 0:
        return
    failed = _poisson(chance, requests * FAILED_SHARE)
    unanswered = _poisson(chance, requests * UNANSWERED_SHARE)
    put(world, minute, "gateway.requests", requests)
    put(world, minute, "gateway.5xx", failed + unanswered)
    put(world, minute, "api.invocations", requests)
    put(world, minute, "api.unanswered", unanswered)
    put(world, minute, "api.requests", requests - unanswered)
    put(world, minute, "api.5xx", failed)
    put(world, minute, "api.p99", P99_MS * chance.lognormvariate(0, 0.3))
    put(world, minute, "api.cold-starts", _poisson(chance, COLD_STARTS))
    put(world, minute, "api.usd", requests * USD * chance.uniform(0.9, 1.1))


def put(world: World, minute: int, name: str, value: float, late: int = 0) -> None:
    series = world.of[METRICS[name]]
    series.values[minute] = value
    if late:
        series.late[minute] = late
    if name in ALSO:
        other, factor = ALSO[name]
        put(world, minute, other, value * factor, late)


def drop(world: World, minute: int, prefix: str) -> None:
    """Nobody writes these metrics in that minute."""
    for name, one in METRICS.items():
        if name.startswith(prefix):
            world.of[one].values.pop(minute, None)


def _poisson(chance: random.Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count

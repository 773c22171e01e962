"""What can go wrong, as metrics: each scenario changes a quiet day from noon on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping

from template.simulation.quiet import METRICS, answer, drop, put, quiet
from template.simulation.series import World

NOON = 720
Change = Callable[[World], None]

BUSY = 60.0  # requests a minute: 2.6 million a month
SMALL = 0.5


def requests(world: World, minute: int) -> int:
    return int(world.of[METRICS["gateway.requests"]].values.get(minute, 0))


def hour() -> Iterable[int]:
    return range(NOON, NOON + 60)


def nothing(_: World) -> None:
    pass


def burst(world: World) -> None:
    """Ten times the traffic for half an hour, answered; 5 % of the first minutes' start cold."""
    chance = random.Random(2)
    for minute in range(NOON, NOON + 30):
        many = 10 * requests(world, minute)
        answer(world, minute, many, chance)
        if minute < NOON + 3:
            put(world, minute, "api.cold-starts", many // 20)
            put(world, minute, "api.p99", 900)


def outage(world: World) -> None:
    """No environment starts: no invocation has an answer, and so writes no metrics of ours."""
    for minute in hour():
        count = requests(world, minute)
        drop(world, minute, "api.")
        if count:
            put(world, minute, "gateway.5xx", count)
            put(world, minute, "api.invocations", count)
            put(world, minute, "api.unanswered", count)


def tenth(world: World) -> None:
    """10 % of the answers are 503."""
    for minute in hour():
        count = sum((minute * 97 + i * 61) % 10 == 0 for i in range(requests(world, minute)))
        if requests(world, minute):
            put(world, minute, "gateway.5xx", count)
            put(world, minute, "api.5xx", count)


def no_permission(world: World) -> None:
    """The gateway may no longer call the function: it answers 500, and the function has nothing.

    A function URL answers 403.
    """
    for minute in hour():
        count = requests(world, minute)
        drop(world, minute, "api.")
        if count:
            put(world, minute, "gateway.5xx", count)
        drop(world, minute, "url.5xx")


def strangers(world: World) -> None:
    """Two requests every five minutes, and no others, are answered 403 before the function."""
    for minute in hour():
        for prefix in ("api.", "gateway.", "url."):
            drop(world, minute, prefix)
        if minute % 5 < 2:
            put(world, minute, "gateway.requests", 1)


def dead_batch(world: World) -> None:
    """Three attempts fail. The queue sleeps: its metrics come 15 minutes late; it is emptied at 16."""
    for attempt, minute in enumerate((NOON, NOON + 2, NOON + 5)):
        put(world, minute, "batch.errors", 1)
        put(world, minute, "batch.age", 60_000 * (minute - NOON) + 500)
        if attempt == 2:
            put(world, minute, "batch.dropped", 1)
            put(world, minute + 1, "batch.sent", 1, late=15)
    for minute in range(NOON + 6, NOON + 240):
        put(world, minute, "batch.failed", 1, late=15 if minute < NOON + 21 else 1)


def dead_event(world: World) -> None:
    for minute in range(NOON, NOON + 240):
        put(world, minute, "api.failed", 1, late=15 if minute < NOON + 15 else 1)


def failing_batches(world: World) -> None:
    """Every batch fails, ten in a quarter of an hour; somebody empties the queue."""
    for minute in hour():
        put(world, minute, "batch.errors", 1 if minute % 3 else 0)
    for minute in range(NOON + 50, NOON + 120):
        put(world, minute, "batch.failed", minute - NOON, late=15 if minute < NOON + 65 else 1)


def lost_batch(world: World) -> None:
    """The queue of failures refuses the event."""
    put(world, NOON, "batch.dropped", 1)
    put(world, NOON, "batch.lost", 1)


def lost_event(world: World) -> None:
    put(world, NOON, "api.lost", 1)


def late_batches(world: World) -> None:
    for minute in hour():
        put(world, minute, "batch.age", 60_000.0 * (minute - NOON + 30))


def not_loaded(world: World) -> None:
    """One model of several cannot be loaded: a call in twenty-five, at least one a minute."""
    for minute in hour():
        count = max(1, requests(world, minute) // 25)
        for name in ("gateway.5xx", "api.5xx", "api.not-loaded"):
            put(world, minute, name, count)


def not_cached(world: World) -> None:
    """Half of the calls ask only-if-cached for what is not: their own wish."""
    for minute in hour():
        count = requests(world, minute) // 2
        if count:
            put(world, minute, "gateway.5xx", count)
            put(world, minute, "api.not-cached", count)


def slow(world: World) -> None:
    for minute in hour():
        put(world, minute, "api.p99", 8_000)


def slower(world: World) -> None:
    """Slower than usual, below SlowMillis."""
    for minute in hour():
        put(world, minute, "api.p99", 700)


def throttled(world: World) -> None:
    for minute in hour():
        count = requests(world, minute) // 3
        put(world, minute, "api.throttles", count)
        put(world, minute, "gateway.5xx", count)
        put(world, minute, "url.5xx", 0)  # it answers 429


def redis_away(world: World) -> None:
    for minute in hour():
        put(world, minute, "api.redis-away", requests(world, minute) * 0.8)


def table_throttled(world: World) -> None:
    for minute in hour():
        put(world, minute, "table.writes-throttled", 4)


def some_errors(world: World) -> None:
    """1 % of the answers are 5xx: a hundred times what is usual, and below every share."""
    for minute in hour():
        put(world, minute, "gateway.5xx", requests(world, minute) // 50)
        put(world, minute, "api.5xx", requests(world, minute) // 50)


def some_unanswered(world: World) -> None:
    for minute in hour():
        count = requests(world, minute) // 50
        put(world, minute, "api.unanswered", count)
        put(world, minute, "gateway.5xx", count)


def cold_starts(world: World) -> None:
    for minute in hour():
        put(world, minute, "api.cold-starts", requests(world, minute) // 20)


def costly(world: World) -> None:
    """Four hours at 20 times the budget's rate, by the API and by batches."""
    for minute in range(NOON, NOON + 240):
        put(world, minute, "api.usd", 0.05)
        put(world, minute, "batch.usd", 0.05)


SCENARIOS: Mapping[str, tuple[float, Change]] = {
    "quiet day": (BUSY, nothing),
    "quiet day, 30 requests an hour": (SMALL, nothing),
    "burst": (BUSY, burst),
    "total outage": (BUSY, outage),
    "total outage, 30 requests an hour": (SMALL, outage),
    "10 % errors": (BUSY, tenth),
    "silent gateway failure": (BUSY, no_permission),
    "silent gateway failure, 30 requests an hour": (SMALL, no_permission),
    "strangers, and nobody else": (SMALL, strangers),
    "dead batch": (BUSY, dead_batch),
    "failing batches": (BUSY, failing_batches),
    "lost batch": (BUSY, lost_batch),
    "late batches": (BUSY, late_batches),
    "dead event": (BUSY, dead_event),
    "lost event": (BUSY, lost_event),
    "a model does not load": (BUSY, not_loaded),
    "only-if-cached": (BUSY, not_cached),
    "slow": (BUSY, slow),
    "slower than usual": (BUSY, slower),
    "throttled by Lambda": (BUSY, throttled),
    "throttled by DynamoDB": (BUSY, table_throttled),
    "Redis away": (BUSY, redis_away),
    "1 % errors": (BUSY, some_errors),
    "2 % without an answer": (BUSY, some_unanswered),
    "cold starts": (BUSY, cold_starts),
    "costly hours": (BUSY, costly),
}


def world(name: str, queued: bool = False) -> World:
    """With a queue, a batch that fails is in BatchDead, and BatchFailures stays empty."""
    traffic, change = SCENARIOS[name]
    changed = quiet(traffic).copy()
    change(changed)
    if queued:
        changed.of[METRICS["batch.failed"]].values.clear()
    return changed

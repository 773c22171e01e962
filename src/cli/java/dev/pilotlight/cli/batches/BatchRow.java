package dev.pilotlight.cli.batches;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A batch: one object of the bucket In.
///
/// @param lines answered so far
/// @param failed lines answered with an error
/// @param linesPerSecond lines per second of invocation time; empty before the first line
/// @param percent share of the object's bytes that are answered; empty if unknown, as for gzip
/// @param costUsd from the summary; empty until the batch ends
/// @param put when the object was put
/// @param reason why the last attempt failed; empty if it has not, or the reason is unknown
public record BatchRow(
    String key,
    BatchState state,
    long bytes,
    long lines,
    long failed,
    OptionalDouble linesPerSecond,
    OptionalInt percent,
    Optional<String> costUsd,
    Instant put,
    String reason) {}

package dev.pilotlight.cli.batches;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A batch: one object of the bucket In.
///
/// @param lines answered so far
/// @param failed lines whose answer is an error
/// @param linesPerSecond of all invocations together; empty if none has answered a line
/// @param percent of the object's bytes that are answered; empty if unknown, as for gzip
/// @param costUsd as the summary has it; empty before the end
/// @param put when the object was put
/// @param reason of the last failure; empty if none is known
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

/// Tools for every other package; imports nothing of ours.
///
/// [dev.pilotlight.support.Settings] reads the environment (`EnvironmentVariables`). `Log`,
/// `StackText` and `Repeats` write log lines; `Metric`, `MetricLine` and `MetricCollector` write
/// metrics. `Cost`, `Prices` and `Usd` estimate the cost of using AWS. `Breaker` and
/// `BackgroundTasks` keep callers from waiting for a server that failed. `Threads`, `ProcessAge`,
/// `Sha256` and `Utf8` wrap parts of the JDK and of Linux.
@NullMarked
package dev.pilotlight.support;

import org.jspecify.annotations.NullMarked;

/// Benchmarks: how fast the package is, as ratios to baselines taken in the same run. Never ships.
///
/// `Bench` runs the [dev.pilotlight.bench.measure.Measure]s one after the other, after the [Gate]
/// has seen right answers; each gives [dev.pilotlight.bench.report.Row]s, and the [Report] writes
/// them.
@NullMarked
package dev.pilotlight.bench;

import org.jspecify.annotations.NullMarked;

/// Benchmarks: how fast the package is, as ratios to baselines taken in the same run. Never ships.
///
/// `Bench` runs the [Measure]s one after the other, after the [Gate] has seen right answers; each
/// gives [Row]s, and the [Report] writes them.
@NullMarked
package dev.pilotlight.bench;

import org.jspecify.annotations.NullMarked;

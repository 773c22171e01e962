/// The inference path, its steps in order.
///
/// [dev.pilotlight.pipeline.InferencePipeline] takes the items of a request; their state is a
/// `Work`. `LookUp` finds results in the tiers, nearest first. `Runner` prepares and runs the
/// misses: each item takes a lane of [dev.pilotlight.pipeline.Lanes], `ParallelRun` spreads several
/// over the lanes, and `Runs` lets requests that need the same item share its run. `Keeper` writes
/// the results to the store, then to the caches.
@NullMarked
package dev.pilotlight.pipeline;

import org.jspecify.annotations.NullMarked;

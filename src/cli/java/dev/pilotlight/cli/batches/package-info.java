/// Batches of a stack, for `pilotlight batches` and the playground.
@NullMarked
package dev.pilotlight.cli.batches;

import org.jspecify.annotations.NullMarked;

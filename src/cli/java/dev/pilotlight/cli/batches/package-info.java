/// Batches of a stack as `pilotlight batches` and the playground show them.
@NullMarked
package dev.pilotlight.cli.batches;

import org.jspecify.annotations.NullMarked;

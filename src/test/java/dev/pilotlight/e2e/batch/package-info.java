/// Batches through the local stack.
@NullMarked
package dev.pilotlight.e2e.batch;

import org.jspecify.annotations.NullMarked;

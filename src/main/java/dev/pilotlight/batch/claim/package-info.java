/// The claim on an object's batch, and its progress.
@NullMarked
package dev.pilotlight.batch.claim;

import org.jspecify.annotations.NullMarked;

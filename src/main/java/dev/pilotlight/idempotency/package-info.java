/// Requests that may be repeated: one of all that have the same idempotency key runs, and the
/// others get its answer. No class of this package loads before the first such request.
@NullMarked
package dev.pilotlight.idempotency;

import org.jspecify.annotations.NullMarked;

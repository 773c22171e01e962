/// Requests with an idempotency key, in the table of results: a mark while one runs, and then its
/// answer. No class of this package loads before the first such request.
@NullMarked
package dev.pilotlight.store.mark;

import org.jspecify.annotations.NullMarked;

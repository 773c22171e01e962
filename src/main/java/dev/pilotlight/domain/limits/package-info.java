/// Limits and usage of a caller, as they are shown to callers.
@NullMarked
package dev.pilotlight.domain.limits;

import org.jspecify.annotations.NullMarked;

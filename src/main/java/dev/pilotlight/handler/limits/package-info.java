/// Limits, usage and the choice of a model on the path of a request. What limits and counts loads
/// only where keys identify callers.
@NullMarked
package dev.pilotlight.handler.limits;

import org.jspecify.annotations.NullMarked;

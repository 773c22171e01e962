/// Limits and usage on the path of a request. Loads only where keys identify callers.
@NullMarked
package dev.pilotlight.handler.limits;

import org.jspecify.annotations.NullMarked;

/// Limits, usage and the choice of a model on the path of a request. Only where keys identify
/// callers, the classes of limits and usage load.
@NullMarked
package dev.pilotlight.handler.limits;

import org.jspecify.annotations.NullMarked;

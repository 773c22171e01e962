/// The event loop of the package for `provided.al2023`: asks Lambda's Runtime API for events, calls
/// the handler, and posts responses and errors as Lambda's own Java client does.
@NullMarked
package dev.pilotlight.runtime;

import org.jspecify.annotations.NullMarked;

/// Environments of functions, and the Runtime API that they call.
@NullMarked
package dev.pilotlight.local.runtime;

import org.jspecify.annotations.NullMarked;

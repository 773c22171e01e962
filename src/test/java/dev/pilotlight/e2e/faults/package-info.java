/// Faults of the dependencies and of the function while clients call it.
@NullMarked
package dev.pilotlight.e2e.faults;

import org.jspecify.annotations.NullMarked;

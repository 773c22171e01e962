/// Writes the output in parts, and publishes it whole.
@NullMarked
package dev.pilotlight.batch.output;

import org.jspecify.annotations.NullMarked;

/// Reads an object of lines.
@NullMarked
package dev.pilotlight.batch.input;

import org.jspecify.annotations.NullMarked;

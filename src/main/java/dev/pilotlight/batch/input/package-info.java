/// An object of lines, read.
@NullMarked
package dev.pilotlight.batch.input;

import org.jspecify.annotations.NullMarked;

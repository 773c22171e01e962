/// A line, from its text to its answer.
@NullMarked
package dev.pilotlight.batch.lines;

import org.jspecify.annotations.NullMarked;

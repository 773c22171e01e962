/// Answers lines: from the text of a line to its line of the output.
@NullMarked
package dev.pilotlight.batch.lines;

import org.jspecify.annotations.NullMarked;

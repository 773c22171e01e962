/// Converts a graph's output to an embedding or a label.
@NullMarked
package dev.pilotlight.model.head;

import org.jspecify.annotations.NullMarked;

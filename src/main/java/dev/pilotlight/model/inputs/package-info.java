/// Converts token ids to the tensors of a graph's inputs.
@NullMarked
package dev.pilotlight.model.inputs;

import org.jspecify.annotations.NullMarked;

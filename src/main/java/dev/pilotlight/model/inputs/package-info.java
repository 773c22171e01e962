/// Token ids to the tensors that a graph asks for.
@NullMarked
package dev.pilotlight.model.inputs;

import org.jspecify.annotations.NullMarked;

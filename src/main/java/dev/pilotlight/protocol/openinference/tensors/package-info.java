/// Tensors of the Open Inference Protocol, as JSON and as bytes.
@NullMarked
package dev.pilotlight.protocol.openinference.tensors;

import org.jspecify.annotations.NullMarked;

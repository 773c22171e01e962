/// The inputs of text-embeddings-inference: texts and token ids, and what is refused next to them.
@NullMarked
package dev.pilotlight.protocol.tei.inputs;

import org.jspecify.annotations.NullMarked;

/// The vectors of all tokens and sparse vectors, as text-embeddings-inference answers them.
@NullMarked
package dev.pilotlight.protocol.tei.forms;

import org.jspecify.annotations.NullMarked;

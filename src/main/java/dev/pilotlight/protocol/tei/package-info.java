/// The routes of text-embeddings-inference.
@NullMarked
package dev.pilotlight.protocol.tei;

import org.jspecify.annotations.NullMarked;

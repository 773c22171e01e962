/// The routes of text-embeddings-inference, through the whole function.
@NullMarked
package dev.pilotlight.handler.tei;

import org.jspecify.annotations.NullMarked;

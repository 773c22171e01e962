/// Requests for embeddings in the form of Ollama's API.
@NullMarked
package dev.pilotlight.protocol.ollama;

import org.jspecify.annotations.NullMarked;

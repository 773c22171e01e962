/// OpenAI's embeddings protocol.
@NullMarked
package dev.pilotlight.protocol.openai;

import org.jspecify.annotations.NullMarked;

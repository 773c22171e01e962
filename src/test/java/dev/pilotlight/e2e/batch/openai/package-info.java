/// Batches of OpenAI's API through the local stack.
@NullMarked
package dev.pilotlight.e2e.batch.openai;

import org.jspecify.annotations.NullMarked;

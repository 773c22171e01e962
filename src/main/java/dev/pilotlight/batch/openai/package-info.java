/// Batches of OpenAI's API: their rows, and what differs when their lines are answered.
@NullMarked
package dev.pilotlight.batch.openai;

import org.jspecify.annotations.NullMarked;

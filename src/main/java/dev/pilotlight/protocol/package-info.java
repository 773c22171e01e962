/// Decodes requests to the domain and encodes answers: HTTP events, Open Inference Protocol,
/// OpenAI. JSON and HTTP status occur only here.
@NullMarked
package dev.pilotlight.protocol;

import org.jspecify.annotations.NullMarked;

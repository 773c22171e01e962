/// Bytes to domain and back: HTTP events, Open Inference Protocol, OpenAI. The only place that
/// knows JSON and HTTP status.
@NullMarked
package dev.pilotlight.protocol;

import org.jspecify.annotations.NullMarked;

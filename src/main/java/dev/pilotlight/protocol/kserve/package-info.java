/// KServe's first protocol, as its Hugging Face runtime answers it, also at Vertex AI's path.
@NullMarked
package dev.pilotlight.protocol.kserve;

import org.jspecify.annotations.NullMarked;

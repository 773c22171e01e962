/// KServe's first protocol, as its Hugging Face runtime answers it.
@NullMarked
package dev.pilotlight.protocol.kserve;

import org.jspecify.annotations.NullMarked;

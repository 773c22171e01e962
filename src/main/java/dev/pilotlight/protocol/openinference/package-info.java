/// The Open Inference Protocol, version 2.
@NullMarked
package dev.pilotlight.protocol.openinference;

import org.jspecify.annotations.NullMarked;

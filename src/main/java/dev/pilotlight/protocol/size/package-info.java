/// Estimates the size of a response before anything is computed.
@NullMarked
package dev.pilotlight.protocol.size;

import org.jspecify.annotations.NullMarked;

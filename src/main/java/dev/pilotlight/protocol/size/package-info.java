/// How large a response will be, before anything is computed.
@NullMarked
package dev.pilotlight.protocol.size;

import org.jspecify.annotations.NullMarked;

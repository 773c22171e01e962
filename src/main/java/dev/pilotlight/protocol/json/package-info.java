/// JSON as every protocol needs it.
@NullMarked
package dev.pilotlight.protocol.json;

import org.jspecify.annotations.NullMarked;

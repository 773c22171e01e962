/// Reads and writes JSON for every protocol.
@NullMarked
package dev.pilotlight.protocol.json;

import org.jspecify.annotations.NullMarked;

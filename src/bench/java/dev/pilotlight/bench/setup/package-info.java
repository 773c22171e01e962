/// The function's process, the wire to it, and the texts that it is asked.
@NullMarked
package dev.pilotlight.bench.setup;

import org.jspecify.annotations.NullMarked;

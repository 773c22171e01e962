/// The programs that measures are compared with.
@NullMarked
package dev.pilotlight.bench.baseline;

import org.jspecify.annotations.NullMarked;

/// What each measure is compared with.
@NullMarked
package dev.pilotlight.bench.baseline;

import org.jspecify.annotations.NullMarked;

/// One class per measure.
@NullMarked
package dev.pilotlight.bench.measure;

import org.jspecify.annotations.NullMarked;

/// The sample models' answers compared with those of an independent implementation.
@NullMarked
package dev.pilotlight.golden;

import org.jspecify.annotations.NullMarked;

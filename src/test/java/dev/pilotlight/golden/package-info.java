/// The sample models' answers beside those of an independent implementation.
@NullMarked
package dev.pilotlight.golden;

import org.jspecify.annotations.NullMarked;

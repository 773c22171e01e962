/// An object of answers, written in parts and published whole.
@NullMarked
package dev.pilotlight.batch.output;

import org.jspecify.annotations.NullMarked;

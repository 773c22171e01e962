/// The baseline of a cold start: a program in a separate jar.
@NullMarked
package dev.pilotlight.bench.bare;

import org.jspecify.annotations.NullMarked;

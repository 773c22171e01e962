/// The baseline of a cold start; a program of its own, in a jar of its own.
@NullMarked
package dev.pilotlight.bench.bare;

import org.jspecify.annotations.NullMarked;

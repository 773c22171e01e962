/// A request bound to its model: what to run, and how to say the answer.
@NullMarked
package dev.pilotlight.call;

import org.jspecify.annotations.NullMarked;

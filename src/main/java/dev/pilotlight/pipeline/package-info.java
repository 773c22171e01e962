/// The inference path, its steps in order.
@NullMarked
package dev.pilotlight.pipeline;

import org.jspecify.annotations.NullMarked;

/// The batch function, whole.
@NullMarked
package dev.pilotlight.handler.batch;

import org.jspecify.annotations.NullMarked;

/// Masks, sparse vectors and vectors of all tokens through the whole function.
@NullMarked
package dev.pilotlight.handler.forms;

import org.jspecify.annotations.NullMarked;

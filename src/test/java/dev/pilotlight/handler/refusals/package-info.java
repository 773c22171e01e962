/// Bad input through the whole function.
@NullMarked
package dev.pilotlight.handler.refusals;

import org.jspecify.annotations.NullMarked;

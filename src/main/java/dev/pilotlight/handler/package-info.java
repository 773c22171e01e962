/// Lambda entry points and the wiring of all parts.
@NullMarked
package dev.pilotlight.handler;

import org.jspecify.annotations.NullMarked;

/// Lambda entry points and the only wiring.
@NullMarked
package dev.pilotlight.handler;

import org.jspecify.annotations.NullMarked;

/// Writes JSON.
@NullMarked
package dev.pilotlight.support.json;

import org.jspecify.annotations.NullMarked;

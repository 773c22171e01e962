/// Converts texts to token ids.
@NullMarked
package dev.pilotlight.model.text;

import org.jspecify.annotations.NullMarked;

/// A model's tokenizer as requests may use it.
@NullMarked
package dev.pilotlight.domain.text;

import org.jspecify.annotations.NullMarked;

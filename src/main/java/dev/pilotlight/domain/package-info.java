/// The nouns of inference as records and sealed types; imports nothing.
@NullMarked
package dev.pilotlight.domain;

import org.jspecify.annotations.NullMarked;

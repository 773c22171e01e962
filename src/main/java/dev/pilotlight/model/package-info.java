/// Model repository, tokenizer, graph session, pooling.
@NullMarked
package dev.pilotlight.model;

import org.jspecify.annotations.NullMarked;

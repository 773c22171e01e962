/// Graphs and tokenizers for results in other forms than embeddings and labels.
@NullMarked
package dev.pilotlight.model.forms;

import org.jspecify.annotations.NullMarked;

/// WordPiece for BERT's kind of `tokenizer.json`: text to token ids, exactly as the tokenizers
/// library has them.
@NullMarked
package dev.pilotlight.wordpiece;

import org.jspecify.annotations.NullMarked;

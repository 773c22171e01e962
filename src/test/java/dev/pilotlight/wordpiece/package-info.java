/// The tokenizers library as the judge of our WordPiece.
@NullMarked
package dev.pilotlight.wordpiece;

import org.jspecify.annotations.NullMarked;

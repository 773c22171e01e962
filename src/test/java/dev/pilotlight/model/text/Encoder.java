package dev.pilotlight.model.text;

import java.nio.file.Path;
import java.util.Optional;

/// The implementations of [TextEncoder].
enum Encoder {
  WORD_PIECE {
    @Override
    TextEncoder open(Path file) {
      return new TextEncoder.OwnWordPiece(
          WordPieceFile.read(file, Optional.empty(), false).orElseThrow().wordPiece());
    }
  },

  LIBRARY {
    @Override
    TextEncoder open(Path file) {
      return LibraryEncoder.open(file);
    }
  };

  abstract TextEncoder open(Path file);
}

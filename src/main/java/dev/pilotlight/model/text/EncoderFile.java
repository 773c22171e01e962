package dev.pilotlight.model.text;

import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.wordpiece.WordPiece;
import java.nio.file.Path;
import java.util.Optional;

/// An encoder from a `tokenizer.json` and the settings of other files that override it.
///
/// @param flagged whether the settings of `tokenizer_config.json` changed its normaliser
/// @param lowerCased whether a lower-casing normaliser was added
record EncoderFile(TextEncoder encoder, boolean flagged, boolean lowerCased) {

  /// @throws LoadFailure if the file or the library cannot be loaded, or other files contradict it
  static EncoderFile open(Path file, TextOptions options) {
    EncoderFile opened = read(file, options);
    try {
      options.boundaries().ifPresent(flags -> flags.require(opened.encoder));
      return opened;
    } catch (RuntimeException e) {
      opened.encoder.close();
      throw e;
    }
  }

  private static EncoderFile read(Path file, TextOptions options) {
    Optional<WordPieceFile.Read> own =
        WordPieceFile.read(file, options.normaliser(), options.savedVocabulary());
    if (own.isPresent() && (!options.lowersCase() || own.get().lowersCase())) {
      WordPiece wordPiece = own.get().wordPiece();
      return new EncoderFile(new TextEncoder.OwnWordPiece(wordPiece), own.get().changed(), false);
    }
    if (!options.lowersCase() && options.normaliser().isEmpty()) {
      return new EncoderFile(LibraryEncoder.open(file), false, false);
    }
    String text = LibraryEncoder.content(file);
    Optional<String> flagged =
        options
            .normaliser()
            .flatMap(flags -> LowerCasing.normaliser(text, (old, _) -> flags.over(old)));
    String now = flagged.orElse(text);
    Optional<String> lower = options.lowersCase() ? LowerCasing.first(now) : Optional.empty();
    return new EncoderFile(
        LibraryEncoder.of(lower.orElse(now)), flagged.isPresent(), lower.isPresent());
  }
}

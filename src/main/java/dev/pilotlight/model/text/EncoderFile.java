package dev.pilotlight.model.text;

import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.wordpiece.WordPiece;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An encoder from a `tokenizer.json` and the settings of other files that override it.
///
/// @param flagged whether the settings of `tokenizer_config.json` changed its normaliser
/// @param lowerCased whether a lower-casing normaliser was added
/// @param path of the file; null if the encoder was not read from one
record EncoderFile(
    TextEncoder encoder,
    boolean flagged,
    boolean lowerCased,
    @Nullable Path path,
    TextOptions options) {

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
      TextEncoder encoder = new TextEncoder.OwnWordPiece(wordPiece);
      return new EncoderFile(encoder, own.get().changed(), false, file, options);
    }
    if (!options.lowersCase() && options.normaliser().isEmpty()) {
      return new EncoderFile(LibraryEncoder.open(file), false, false, file, options);
    }
    String text = LibraryEncoder.content(file);
    Optional<String> flagged = flagged(text, options);
    String now = flagged.orElse(text);
    Optional<String> lower = lowerCased(now, options);
    LibraryEncoder encoder = LibraryEncoder.of(lower.orElse(now));
    return new EncoderFile(encoder, flagged.isPresent(), lower.isPresent(), file, options);
  }

  private static Optional<String> flagged(String text, TextOptions options) {
    return options
        .normaliser()
        .flatMap(flags -> LowerCasing.normaliser(text, (old, _) -> flags.over(old)));
  }

  private static Optional<String> lowerCased(String text, TextOptions options) {
    return options.lowersCase() ? LowerCasing.first(text) : Optional.empty();
  }

  /// The content of the file with the settings that override it, for Hugging Face's library.
  ///
  /// @throws LoadFailure if it cannot be read
  String json() {
    if (path == null) {
      throw new IllegalStateException("the tokenizer was not read from a file");
    }
    String text = LibraryEncoder.content(path);
    String now = flagged(text, options).orElse(text);
    return lowerCased(now, options).orElse(now);
  }
}

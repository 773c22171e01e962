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
/// @param file that the encoder was read from; null if it was not read from one
record EncoderFile(
    TextEncoder encoder,
    boolean flagged,
    boolean lowerCased,
    @Nullable TokenizerFileState file,
    TextOptions options) {

  /// @throws LoadFailure if the file or the library cannot be loaded, or other files contradict it
  static EncoderFile open(Path path, TextOptions options) {
    EncoderFile opened = read(TokenizerFileState.of(path), options);
    try {
      options.boundaries().ifPresent(flags -> flags.require(opened.encoder));
      return opened;
    } catch (RuntimeException e) {
      opened.encoder.close();
      throw e;
    }
  }

  private static EncoderFile read(TokenizerFileState file, TextOptions options) {
    Optional<WordPieceFile.Read> own =
        WordPieceFile.read(file.path(), options.normaliser(), options.savedVocabulary());
    if (own.isPresent() && (!options.lowersCase() || own.get().lowersCase())) {
      WordPiece wordPiece = own.get().wordPiece();
      TextEncoder encoder = new TextEncoder.OwnWordPiece(wordPiece);
      return new EncoderFile(encoder, own.get().changed(), false, file, options);
    }
    if (!options.lowersCase() && options.normaliser().isEmpty()) {
      return new EncoderFile(LibraryEncoder.open(file.path()), false, false, file, options);
    }
    String text = LibraryEncoder.content(file.path());
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
  /// @throws LoadFailure if it cannot be read, or has changed since the encoder was read
  String json() {
    if (file == null) {
      throw new IllegalStateException("the tokenizer was not read from a file");
    }
    String text = file.content();
    String now = flagged(text, options).orElse(text);
    return lowerCased(now, options).orElse(now);
  }
}

package dev.pilotlight.model.text;

import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A `tokenizer.json` as it was when its model was loaded, by the attributes of the file: to hash
/// it would cost every start, and few models are asked about tokens.
///
/// @param size in bytes
/// @param key that no other file has while this one exists; null where the file system has none
record TokenizerFileState(Path path, long size, FileTime modified, @Nullable Object key) {
  /// Reads the attributes; call it before the content is read, so that a later change differs.
  ///
  /// @throws LoadFailure if the file is gone
  static TokenizerFileState of(Path path) {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      return new TokenizerFileState(path, file.size(), file.lastModifiedTime(), file.fileKey());
    } catch (IOException e) {
      throw LoadFailure.passing("tokenizer.json cannot be read", e);
    }
  }

  /// The content, if it is still that of the loaded file.
  ///
  /// @throws LoadFailure if the file cannot be read, or has changed
  String content() {
    String content = LibraryEncoder.content(path);
    // after the content, so that a change while it was read differs, too
    TokenizerFileState now = of(path);
    if (now.size != size || !now.modified.equals(modified) || !Objects.equals(now.key, key)) {
      throw LoadFailure.passing("tokenizer.json has changed since the model was loaded", null);
    }
    return content;
  }
}

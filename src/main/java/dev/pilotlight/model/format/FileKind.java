package dev.pilotlight.model.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Recognises files that are often found in place of a model's file, by their first bytes.
public final class FileKind {
  private static final int HEAD_BYTES = 64;

  private static final String POINTER = "version https://git-lfs.github.com/spec/";
  private static final String POINTER_ADVICE =
      "a Git LFS pointer, not the file itself: run git lfs pull, then copy the file again";

  private FileKind() {}

  /// Refuses a file that is not a model's.
  ///
  /// @throws LoadFailure if the file is known to be something else than a model's file
  public static void refuse(Path path) throws IOException {
    Optional<String> instead = instead(path);
    if (instead.isPresent()) {
      throw new LoadFailure("%s is %s".formatted(path.getFileName(), instead.get()));
    }
  }

  /// Refuses a file whose content Git LFS has not fetched.
  ///
  /// @throws LoadFailure if the file is a Git LFS pointer
  public static void refusePointer(Path path) throws IOException {
    if (head(path).startsWith(POINTER)) {
      throw new LoadFailure("%s is %s".formatted(path.getFileName(), POINTER_ADVICE));
    }
  }

  /// The actual kind of the file, and what to do about it.
  private static Optional<String> instead(Path path) throws IOException {
    String head = head(path);
    String text = head.stripLeading().toLowerCase(Locale.ROOT);
    if (head.isEmpty()) {
      return Optional.of("empty");
    }
    if (head.startsWith(POINTER)) {
      return Optional.of(POINTER_ADVICE);
    }
    if (text.startsWith("<!doctype") || text.startsWith("<html")) {
      return Optional.of("an HTML page: the download got a web page in place of the file");
    }
    if (text.startsWith("<?xml")) {
      return Optional.of("an XML document: the download got an error in place of the file");
    }
    if (head.startsWith("PK\u0003\u0004")) {
      return Optional.of("a zip archive, such as PyTorch saves: export it to ONNX, or unpack it");
    }
    if (head.startsWith("\u001f\u008b")) {
      return Optional.of("compressed with gzip: unpack it");
    }
    return Optional.empty();
  }

  private static String head(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
    }
  }
}

package dev.pilotlight.local.awssdk;

import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Bodies of objects and of parts. Each is a file that never changes once it is written. A reader
/// that has a file open can read it to its end even after it is deleted. Thread-safe.
final class Disk {
  private final Path directory;

  Disk(Path directory) {
    this.directory = directory;
  }

  /// @param md5 in hex
  record Body(Path file, long bytes, String md5) {}

  /// Writes all of a stream and closes it.
  ///
  /// @param bytes the expected length
  /// @param md5 in base64, checked unless it is null
  Body write(InputStream from, @Nullable Long bytes, @Nullable String md5) {
    Path file = newFile();
    try {
      Body body = copy(from, file);
      if (bytes != null && body.bytes() != bytes) {
        throw Refusals.incompleteBody(bytes, body.bytes());
      }
      if (md5 != null && !body.md5().equals(hex(Base64.getDecoder().decode(md5)))) {
        throw Refusals.badDigest();
      }
      return body;
    } catch (IOException e) {
      delete(file);
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      delete(file);
      throw e;
    }
  }

  /// Joins bodies into a new one, whose MD5 is the ETag of a multipart upload.
  Body join(List<Body> parts) {
    Path file = newFile();
    MessageDigest digest = md5();
    long bytes = 0;
    try (FileChannel to = create(file)) {
      for (Body part : parts) {
        try (FileChannel from = FileChannel.open(part.file())) {
          for (long at = 0; at < part.bytes(); ) {
            at += from.transferTo(at, part.bytes() - at, to);
          }
        }
        digest.update(HexFormat.of().parseHex(part.md5()));
        bytes += part.bytes();
      }
    } catch (IOException e) {
      delete(file);
      throw new UncheckedIOException(e);
    }
    return new Body(file, bytes, hex(digest.digest()) + "-" + parts.size());
  }

  /// A part of a file, which the caller closes.
  static InputStream read(Path file, long start, long bytes) {
    try {
      InputStream all = Files.newInputStream(file);
      all.skipNBytes(start);
      return ByteStreams.limit(all, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Deletes files that a killed store has left.
  void deleteAllBut(Set<Path> known) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(file -> !known.contains(file)).forEach(Disk::delete);
    }
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Body copy(InputStream from, Path file) throws IOException {
    MessageDigest digest = md5();
    try (InputStream digested = new DigestInputStream(from, digest)) {
      long bytes = Files.copy(digested, file);
      return new Body(file, bytes, hex(digest.digest()));
    }
  }

  private Path newFile() {
    return directory.resolve(UUID.randomUUID().toString());
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}

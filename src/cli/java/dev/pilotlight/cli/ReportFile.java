package dev.pilotlight.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// The file of a report, which is checked before a long measurement and written after it.
final class ReportFile {
  private ReportFile() {}

  /// Why a report cannot be written there; empty if it can, or there is no file.
  static String obstacle(@Nullable Path file) {
    Path folder = file == null ? null : file.toAbsolutePath().getParent();
    if (file == null || folder == null) {
      return "";
    }
    if (!Files.isDirectory(folder)) {
      return "in a folder that does not exist";
    }
    if (Files.isDirectory(file)) {
      return "a folder; accepted: a file";
    }
    boolean writable = Files.isWritable(folder) && (!Files.exists(file) || Files.isWritable(file));
    return writable ? "" : "not writable";
  }

  /// Writes a report whole, in the place of an earlier one.
  static void write(Path file, String text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path part = Files.createTempFile(folder, ".pilotlight-", ".part");
    try {
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}

package dev.pilotlight.cli.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// The file of a report, which is checked before a long measurement and written after it.
public final class ReportFile {
  private ReportFile() {}

  /// Why a report cannot be written there; empty if it can, or there is no file.
  public static String obstacle(@Nullable Path file) {
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
    return Files.isWritable(isReplaced(file) ? folder : file) ? "" : "not writable";
  }

  /// Whether it is an ordinary file or none, not a link or a device.
  private static boolean isReplaced(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /// Writes a report whole, in the place of an earlier one.
  public static void write(Path file, String text) throws IOException {
    if (!isReplaced(file)) {
      Files.writeString(file, text);
      return;
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}

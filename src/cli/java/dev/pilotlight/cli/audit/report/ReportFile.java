package dev.pilotlight.cli.audit.report;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes a report whole or not at all.
public final class ReportFile {
  private ReportFile() {}

  /// Writes files by temporary ones next to them. Each replaces an existing file in one step, and
  /// none does before all are written.
  public static void write(Map<Path, String> texts) throws IOException {
    Map<Path, Path> temporaries = new LinkedHashMap<>();
    try {
      for (var text : texts.entrySet()) {
        Path folder = text.getKey().toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(folder, ".audit", ".tmp");
        temporaries.put(text.getKey(), temporary);
        Files.writeString(temporary, text.getValue());
      }
      for (var each : temporaries.entrySet()) {
        move(each.getValue(), each.getKey());
      }
    } finally {
      for (Path temporary : temporaries.values()) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

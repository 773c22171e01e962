package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.line.Notes;
import dev.pilotlight.cli.audit.bill.pack.Magic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Finds the files of bills: those given, and those in given folders.
final class BillFiles {
  private static final List<String> ENDINGS = List.of(".csv", ".gz", ".zip", ".parquet");

  private final Notes notes;
  private final Map<Path, Path> seen = new HashMap<>();
  private final Map<Long, List<Path>> bySize = new HashMap<>();
  private final List<Path> files = new ArrayList<>();

  BillFiles(Notes notes) {
    this.notes = notes;
  }

  /// The files in the order given, folders by name, each file once.
  List<Path> of(List<Path> paths) throws IOException {
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        addFolder(path);
      } else if (Files.isRegularFile(path)) {
        add(path);
      } else {
        throw new BillException(path + ": no such file; accepted: a file or a folder of bills");
      }
    }
    if (files.isEmpty()) {
      throw new BillException("no bill in " + paths + "; accepted: " + Header.ACCEPTED);
    }
    return files;
  }

  private void addFolder(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        if (hasEnding(file) || isBill(file)) {
          add(file);
        } else {
          notes.add(file + ": left out, because it is not a bill");
        }
      }
    }
  }

  private static boolean hasEnding(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && ENDINGS.stream().anyMatch(name::endsWith);
  }

  /// Whether a file of another name holds a bill.
  private static boolean isBill(Path file) throws IOException {
    if (Magic.of(file) != Magic.TEXT) {
      return Magic.of(file) == Magic.PARQUET;
    }
    try (InputStream in = Files.newInputStream(file)) {
      var _ = Header.of(file.toString(), Text.of(file.toString(), in).header());
      return true;
    } catch (BillException e) {
      return false;
    }
  }

  private void add(Path file) throws IOException {
    Path first = seen.putIfAbsent(file.toRealPath(), file);
    List<Path> sameSize = bySize.computeIfAbsent(Files.size(file), _ -> new ArrayList<>());
    for (Path other : sameSize) {
      if (first == null && Files.mismatch(file, other) < 0) {
        first = other;
      }
    }
    if (first != null) {
      notes.add(file + ": left out, because it is the same as " + first);
      return;
    }
    sameSize.add(file);
    files.add(file);
  }
}

package dev.pilotlight.local.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The TCP connections of a process, from Linux's `/proc`.
public final class Sockets {
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String CLOSED = "07";
  private static final String LISTENING = "0A";

  private Sockets() {}

  /// The ports at the other ends.
  public static Set<Integer> peers(long pid) throws IOException {
    Path proc = Path.of("/proc", Long.toString(pid));
    Set<String> own = new TreeSet<>();
    try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
      for (Path file : files.toList()) {
        own.add(Files.readSymbolicLink(file).toString());
      }
    }
    Set<Integer> ports = new TreeSet<>();
    for (String table : Set.of("net/tcp", "net/tcp6")) {
      Files.readAllLines(proc.resolve(table)).stream()
          .skip(1)
          .map(line -> line.strip().split("\\s+"))
          .filter(row -> own.contains("socket:[" + row[INODE] + "]"))
          .filter(row -> !Set.of(CLOSED, LISTENING).contains(row[STATE]))
          .map(row -> Integer.parseInt(row[REMOTE].substring(row[REMOTE].indexOf(':') + 1), 16))
          .forEach(ports::add);
    }
    return ports;
  }
}

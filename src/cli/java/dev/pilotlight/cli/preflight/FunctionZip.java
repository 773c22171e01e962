package dev.pilotlight.cli.preflight;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// The function's package.
///
/// @param bytes of the file
/// @param unpackedBytes of all its files
/// @param ownRuntime whether it has `bootstrap`, which `Runtime=provided.al2023` starts
/// @param architectures of its native files, by Lambda's names
public record FunctionZip(
    Path file, long bytes, long unpackedBytes, boolean ownRuntime, Set<String> architectures) {
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
  private static final int ELF_BYTES = 20;
  private static final int MACHINE_AT = 18;
  private static final int X86_64 = 62;
  private static final int ARM64 = 183;
  private static final String BOOTSTRAP = "bootstrap";

  /// Reads the zip.
  ///
  /// @throws Malformed if it is not a zip
  public static FunctionZip read(Path file) throws IOException, Malformed {
    Set<String> architectures = new TreeSet<>();
    long unpacked = 0;
    boolean bootstrap = false;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        unpacked += Math.max(0, entry.getSize());
        bootstrap |= entry.getName().equals(BOOTSTRAP);
        addArchitecture(zip, entry, architectures);
      }
    } catch (ZipException e) {
      throw new Malformed(file + " is not a zip: " + e.getMessage());
    }
    return new FunctionZip(file, Files.size(file), unpacked, bootstrap, architectures);
  }

  /// The machine in the head of a file in the format ELF; other files have none.
  private static void addArchitecture(ZipFile zip, ZipEntry entry, Set<String> architectures)
      throws IOException {
    byte[] head;
    try (InputStream in = zip.getInputStream(entry)) {
      head = in.readNBytes(ELF_BYTES);
    }
    if (head.length < ELF_BYTES) {
      return;
    }
    for (int i = 0; i < ELF.length; i++) {
      if (head[i] != ELF[i]) {
        return;
      }
    }
    int machine = (head[MACHINE_AT] & 0xff) | ((head[MACHINE_AT + 1] & 0xff) << 8);
    architectures.add(
        switch (machine) {
          case X86_64 -> "x86_64";
          case ARM64 -> "arm64";
          default -> "ELF machine " + machine;
        });
  }
}

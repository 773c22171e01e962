package dev.pilotlight.pack;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Copies the application's jar into the package, and changes some classes so that they need less
/// time at the start.
final class Application {
  private static final String OURS = "dev/pilotlight/";
  private static final String CLASS = ".class";

  private Application() {}

  /// Copies the jar; two copies have the same bytes.
  static void copy(Path jar, Path to) throws IOException {
    ClassFile format = ClassFile.of();
    try (ZipInputStream from =
            new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar)));
        OutputStream file = new BufferedOutputStream(Files.newOutputStream(to));
        ZipOutputStream copy = new ZipOutputStream(file)) {
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        ZipEntry same = new ZipEntry(entry.getName());
        same.setTimeLocal(entry.getTimeLocal());
        copy.putNextEntry(same);
        copy.write(contentToShip(format, entry.getName(), from.readAllBytes()));
        copy.closeEntry();
      }
    }
  }

  /// The content that ships for an entry of the jar.
  static byte[] contentToShip(ClassFile format, String name, byte[] content) {
    if (!name.endsWith(CLASS)) {
      return content;
    }
    return switch (name.substring(0, name.length() - CLASS.length())) {
      case LateDecimals.DECLARING -> LateDecimals.removeConstants(format, format.parse(content));
      case LateDecimals.USING -> LateDecimals.makeAtUse(format, format.parse(content));
      case String other when other.startsWith(OURS) -> withPlainSwitches(format, content);
      default -> content;
    };
  }

  private static byte[] withPlainSwitches(ClassFile format, byte[] content) {
    ClassModel model = format.parse(content);
    return PlainSwitches.replaceIn(format, model).orElse(content);
  }
}

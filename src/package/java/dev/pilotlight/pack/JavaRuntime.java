package dev.pilotlight.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// The Java runtime of the package: those modules of this JDK that the function needs.
final class JavaRuntime {
  /// The modules that `jdeps` lists, except `java.compiler`, which only code that never runs here
  /// needs, and [#IMAGES]. The integration tests run on this runtime.
  private static final String MODULES =
      "java.base,java.logging,java.management,java.sql,java.xml,jdk.unsupported";

  /// The decoders of images.
  private static final String IMAGES = "java.desktop";

  /// Amazon Linux 2023 has glibc 2.34.
  private static final int GLIBC_MINOR_MAX = 34;

  private static final Pattern GLIBC = Pattern.compile("GLIBC_2\\.(\\d+)");

  private JavaRuntime() {}

  /// The reason why this JDK gives no runtime that starts on Lambda; empty if it does.
  static Optional<String> obstacle(Path home) throws IOException {
    if (ToolProvider.findFirst("jlink").isEmpty()) {
      return Optional.of("the JDK in %s has no jlink".formatted(home));
    }
    int minor = glibcMinor(home);
    if (minor > GLIBC_MINOR_MAX) {
      return Optional.of(
          "the JDK in %s needs glibc 2.%d, Lambda has 2.%d: build with Eclipse Temurin or Corretto"
              .formatted(home, minor, GLIBC_MINOR_MAX));
    }
    return Optional.empty();
  }

  /// @param images whether the function decodes images
  static void link(Path to, boolean images) {
    int status =
        ToolProvider.findFirst("jlink")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--add-modules",
                images ? MODULES + ',' + IMAGES : MODULES,
                "--no-header-files",
                "--no-man-pages",
                // line numbers of the JDK's own classes, which are also in the AOT cache
                "--strip-java-debug-attributes",
                "--compress=zip-6",
                "--vm=server",
                "--output",
                to.toString());
    if (status != 0) {
      throw new IllegalStateException("jlink failed with status " + status);
    }
  }

  /// The newest glibc that a file in a directory needs: 34 for 2.34, 0 if none needs any.
  static int glibcMinor(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).filter(JavaRuntime::isNative).toList();
    }
    int newest = 0;
    for (Path file : files) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      newest = Math.max(newest, newest(GLIBC.matcher(text).results()));
    }
    return newest;
  }

  private static int newest(Stream<MatchResult> versions) {
    return versions
        .map(version -> Integer.valueOf(version.group(1)))
        .max(Comparator.naturalOrder())
        .orElse(0);
  }

  private static boolean isNative(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".so") || name.equals("java");
  }
}

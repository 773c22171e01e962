package dev.pilotlight.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Puts the licence, the notice and `THIRD-PARTY.txt` into the package: the name, version and
/// licence of everything in it that others made, and their notices.
final class ThirdParty {
  /// The Apache License requires that changed files be named.
  private static final String CHANGES =
      """

      Pilotlight changed two classes of jackson-core, ParserBase and ParserMinimalBase: they create
      their constants of type BigDecimal at each use.
      """;

  static final Path SOURCES = Path.of("src/package/third-party");
  static final Path LICENCES = SOURCES.resolve("licences.txt");
  static final String FILE = "THIRD-PARTY.txt";

  /// The licence whose text is the file LICENSE.
  private static final String OWN_LICENCE = "Apache-2.0";

  private static final String LINE = "  %-76s %s\n";
  private static final String RULE = "-".repeat(80) + "\n";

  private final Path root;
  private final Licences licences;
  private final List<Library> libraries;

  private ThirdParty(Path root, Licences licences, List<Library> libraries) {
    this.root = root;
    this.licences = licences;
    this.libraries = libraries;
  }

  /// @param root the package, complete but for these files
  /// @param classPath a file with the paths of the jars of which the application's jar is made
  static void write(Path root, Path classPath) throws IOException {
    for (Path file : List.of(Path.of("LICENSE"), Path.of("NOTICE"))) {
      Files.copy(file, root.resolve(file));
    }
    Licences licences = Licences.read(LICENCES);
    Path jar = root.resolve("lib/pilotlight.jar");
    List<Library> libraries = Library.in(jar, classPath, licences);
    Files.writeString(root.resolve(FILE), new ThirdParty(root, licences, libraries).text());
  }

  private String text() throws IOException {
    StringBuilder text = new StringBuilder("Software and models by others in this package\n\n");
    runtime(text);
    models(text);
    text.append("Libraries in lib/pilotlight.jar and native/\n\n");
    for (Library library : libraries) {
      line(text, library.name(), library.licence());
    }
    text.append(CHANGES);
    text.append('\n').append(Files.readString(SOURCES.resolve("bundled.txt"))).append('\n');
    licenceTexts(text);
    noticesOfLibraries(text);
    return text.toString();
  }

  private void runtime(StringBuilder text) throws IOException {
    Path release = root.resolve("jre/release");
    if (!Files.exists(release)) {
      return;
    }
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(release)) {
      properties.load(in);
    }
    String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
    text.append("Java runtime in jre/\n\n  OpenJDK ")
        .append(version)
        .append(", GPL-2.0-only WITH Classpath-exception-2.0\n")
        .append("    licences and notices: jre/legal\n")
        .append("    source: https://github.com/openjdk/jdk25u, tag jdk-")
        .append(version)
        .append("-ga\n\n");
  }

  private void models(StringBuilder text) throws IOException {
    if (!Files.isDirectory(root.resolve("models"))) {
      return; // none was packed
    }
    text.append("Models in models/, some with the graph as ONNX Runtime has optimised it\n\n");
    try (Stream<Path> folders = Files.list(root.resolve("models"))) {
      for (Path folder : folders.sorted().toList()) {
        String name = String.valueOf(folder.getFileName());
        String licence = licences.ofModel(name).map(Licences.Row::spdx).orElse("not recorded");
        text.append(String.format(Locale.ROOT, LINE, name, licence));
      }
    }
    text.append('\n');
  }

  private static void line(StringBuilder text, String name, Licences.Row licence) {
    text.append(String.format(Locale.ROOT, LINE, name, licence.spdx()));
    if (!licence.copyright().isEmpty()) {
      text.append("    ").append(licence.copyright()).append('\n');
    }
  }

  /// The texts of the licences whose libraries, or parts of whose libraries, bring none.
  private void licenceTexts(StringBuilder text) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES.resolve("texts"))) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName()).replace(".txt", "");
        text.append(RULE).append(name).append("\n\n").append(Files.readString(file)).append('\n');
      }
    }
    for (Library library : libraries) {
      String spdx = library.licence().spdx();
      if (!spdx.equals(OWN_LICENCE) && !Files.exists(SOURCES.resolve("texts/" + spdx + ".txt"))) {
        throw new IllegalStateException(
            "%s has the licence %s, but %s has no text of it"
                .formatted(library.name(), spdx, SOURCES.resolve("texts")));
      }
    }
  }

  private void noticesOfLibraries(StringBuilder text) throws IOException {
    Map<String, List<String>> users = new LinkedHashMap<>();
    for (Library library : libraries) {
      for (Map.Entry<String, String> notice : library.notices().entrySet()) {
        users
            .computeIfAbsent(notice.getValue(), content -> new ArrayList<>())
            .add(library.name() + ", " + notice.getKey());
      }
    }
    users.forEach(
        (content, names) -> {
          text.append(RULE).append("From ").append(String.join("\n     ", new TreeSet<>(names)));
          text.append("\n\n").append(content).append('\n');
        });
  }
}

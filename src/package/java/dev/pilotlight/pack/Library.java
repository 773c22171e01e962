package dev.pilotlight.pack;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// A library of which classes are in the package.
///
/// @param jar its file in the Maven repository, `.../GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.jar`
/// @param licence its row in the table
record Library(Path jar, Licences.Row licence) {
  /// Licences and notices lie at the top of a jar or in its META-INF.
  private static final Pattern NOTICE =
      Pattern.compile(
          "(META-INF/)?[^/]*(licen[cs]e|notice|copying)[^/]*", Pattern.CASE_INSENSITIVE);

  /// The libraries of a class path that have classes in the application's jar.
  ///
  /// @param classPath a file with the paths of all jars
  /// @throws IllegalStateException if the licence of one of them is not in the table
  static List<Library> in(Path applicationJar, Path classPath, Licences licences)
      throws IOException {
    Set<String> shipped = classes(applicationJar);
    List<Library> libraries = new ArrayList<>();
    for (String file : Files.readString(classPath).strip().split(File.pathSeparator, -1)) {
      Path jar = Path.of(file);
      if (classes(jar).stream().anyMatch(shipped::contains)) {
        libraries.add(new Library(jar, licences.ofLibrary(jar).orElseThrow(() -> unknown(jar))));
      }
    }
    return libraries;
  }

  private static IllegalStateException unknown(Path jar) {
    return new IllegalStateException(
        "%s ships, but %s has no licence for it".formatted(jar, ThirdParty.LICENCES));
  }

  private static Set<String> classes(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return names(zip)
          .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
          .collect(Collectors.toCollection(HashSet::new));
    }
  }

  private static Stream<String> names(ZipFile zip) {
    return zip.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName);
  }

  String artifact() {
    return jar.getName(jar.getNameCount() - 3).toString();
  }

  String version() {
    return jar.getName(jar.getNameCount() - 2).toString();
  }

  /// Group, artifact and version.
  String name() {
    return licence.group() + ":" + artifact() + ":" + version();
  }

  /// The texts of its licences and notices, by their names in the jar.
  Map<String, String> notices() throws IOException {
    Map<String, String> notices = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (String name : names(zip).filter(NOTICE.asMatchPredicate()).toList()) {
        byte[] bytes = zip.getInputStream(zip.getEntry(name)).readAllBytes();
        notices.put(name, new String(bytes, StandardCharsets.UTF_8));
      }
    }
    return notices;
  }
}

package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ThirdPartyTest {
  private static final Pattern CRATE_IN_LIBRARY =
      Pattern.compile("crates\\.io-[0-9a-f]+/([A-Za-z0-9_-]+)-(\\d+\\.\\d+\\.\\d+[^/]*)/");
  private static final Pattern CRATE_IN_LIST =
      Pattern.compile("^  ([a-z0-9_-]+) (\\d+\\.\\d+\\.\\d+) ", Pattern.MULTILINE);

  @TempDir private Path directory;
  private Path root;

  @BeforeEach
  void packageOfOneClassAndOneModel() throws IOException {
    root = directory.resolve("package");
    Files.createDirectories(root.resolve("models/all-minilm-l6-v2"));
    jar(root.resolve("lib/pilotlight.jar"), Map.of("org/crac/Core.class", ""));
  }

  @Test
  void everyLibraryOfTheRuntimeClassPathHasALicence() throws IOException {
    Licences licences = Licences.read(ThirdParty.LICENCES);

    assertThat(runtimeClassPath())
        .hasSizeGreaterThan(10)
        .allSatisfy(jar -> assertThat(licences.ofLibrary(jar)).as(jar.toString()).isPresent());
  }

  @Test
  void everyLicenceInTheTableIsOfALibraryOrAModel() throws IOException {
    Licences licences = Licences.read(ThirdParty.LICENCES);
    Set<Licences.Row> used =
        runtimeClassPath().stream()
            .flatMap(jar -> licences.ofLibrary(jar).stream())
            .collect(Collectors.toSet());
    try (Stream<Path> models = Files.list(Path.of("models"))) {
      models.forEach(model -> licences.ofModel(model.toFile().getName()).ifPresent(used::add));
    }

    assertThat(used).containsExactlyInAnyOrderElementsOf(licences.rows());
  }

  @Test
  void listsEveryCrateThatTheTokenizersLibraryNames() throws IOException {
    String library;
    try (InputStream in =
        ClassLoader.getSystemResourceAsStream("native/lib/linux-x86_64/cpu/libtokenizers.so")) {
      library = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    String list = Files.readString(ThirdParty.SOURCES.resolve("bundled.txt"));

    assertThat(crates(CRATE_IN_LIST, list.substring(list.indexOf("libtokenizers"))))
        .isEqualTo(crates(CRATE_IN_LIBRARY, library));
  }

  @Test
  void namesVersionLicenceAndNoticeOfAShippedLibraryOnly() throws IOException {
    Path shipped =
        library(
            "org/crac/crac/9.9",
            Map.of(
                "org/crac/Core.class", "",
                "META-INF/NOTICE.txt", "Thanks to everybody",
                "deeper/license.txt", "of something else"));
    Path other =
        library("joda-time/joda-time/1.0", Map.of("org/joda/Time.class", "", "LICENSE", "other"));

    String text = write(shipped, other);

    assertThat(text)
        .containsPattern("org\\.crac:crac:9\\.9 +BSD-2-Clause\n    Copyright 2017-2022 Azul")
        .contains("From org.crac:crac:9.9, META-INF/NOTICE.txt\n\nThanks to everybody")
        .contains("Redistributions in binary form must reproduce")
        .contains("Pilotlight changed two classes of jackson-core")
        .containsPattern("all-minilm-l6-v2 +Apache-2\\.0")
        .doesNotContain("joda-time:joda-time")
        .doesNotContain("something else");
    assertThat(root.resolve("LICENSE")).hasSameTextualContentAs(Path.of("LICENSE"));
    assertThat(root.resolve("NOTICE")).hasSameTextualContentAs(Path.of("NOTICE"));
  }

  @Test
  void refusesAShippedLibraryWithoutALicence() throws IOException {
    Path unknown = library("com/example/gift/1.0", Map.of("org/crac/Core.class", ""));

    assertThatThrownBy(() -> write(unknown))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gift-1.0.jar ships, but src")
        .hasMessageEndingWith("licences.txt has no licence for it");
  }

  @Test
  void printsATextOfSeveralLibrariesOnce() throws IOException {
    Map<String, String> content = Map.of("org/crac/Core.class", "", "LICENSE", "be kind");

    String text =
        write(
            library("org/slf4j/slf4j-api/2.0", content),
            library("org/slf4j/slf4j-nop/2.0", content));

    assertThat(text)
        .containsOnlyOnce("be kind")
        .contains("From org.slf4j:slf4j-api:2.0, LICENSE\n     org.slf4j:slf4j-nop:2.0, LICENSE");
  }

  @Test
  void namesTheRuntimeWithItsVersion() throws IOException {
    Path jre = Files.createDirectories(root.resolve("jre"));
    Files.writeString(jre.resolve("release"), "JAVA_VERSION=\"25.0.9\"\n");

    String text = write(library("org/crac/crac/1", Map.of("org/crac/Core.class", "")));

    assertThat(text).contains("OpenJDK 25.0.9, GPL-2.0-only WITH Classpath-exception-2.0");
  }

  @Test
  void namesAModelWithoutARecordedLicenceAsSuch() throws IOException {
    Files.createDirectories(root.resolve("models/mine"));

    String text = write(library("org/crac/crac/1", Map.of("org/crac/Core.class", "")));

    assertThat(text).containsPattern("mine +not recorded");
  }

  private String write(Path... jars) throws IOException {
    Path classPath = directory.resolve("class.path");
    String joined =
        Stream.of(jars).map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    Files.writeString(classPath, joined);
    ThirdParty.write(root, classPath);
    return Files.readString(root.resolve(ThirdParty.FILE));
  }

  private Path library(String place, Map<String, String> entries) throws IOException {
    Path folder = directory.resolve("repository").resolve(place);
    Path artifact = folder.getName(folder.getNameCount() - 2);
    return jar(folder.resolve(artifact + "-" + folder.getFileName() + ".jar"), entries);
  }

  private static Path jar(Path file, Map<String, String> entries) throws IOException {
    Files.createDirectories(file.getParent());
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  private static List<Path> runtimeClassPath() throws IOException {
    String classPath = Files.readString(Path.of("target/runtime.classpath")).strip();
    return Stream.of(classPath.split(File.pathSeparator, -1)).map(Path::of).toList();
  }

  private static Set<String> crates(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult crate) -> crate.group(1) + " " + crate.group(2))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

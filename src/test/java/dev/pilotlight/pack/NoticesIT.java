package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The licences and notices in the zip, compared with what else is in it.
final class NoticesIT {
  private static final String RELOCATED = "com/amazonaws/lambda/thirdparty/";

  private static ZipFile zip;
  private static String notices;

  @BeforeAll
  static void open() throws IOException {
    zip = new ZipFile("target/pilotlight.zip");
    notices = text("THIRD-PARTY.txt");
  }

  @AfterAll
  static void close() throws IOException {
    zip.close();
  }

  @Test
  void theZipHasTheLicenceAndTheNoticeOfTheRepository() throws IOException {
    assertThat(text("LICENSE")).isEqualTo(Files.readString(Path.of("LICENSE")));
    assertThat(text("NOTICE")).isEqualTo(Files.readString(Path.of("NOTICE")));
  }

  @Test
  void everyJarWithClassesInTheZipIsNamedWithItsVersionAndItsNoticesAreThere() throws IOException {
    Set<String> shipped = classesInTheZip();
    int jars = 0;
    String classPath = Files.readString(Path.of("target/runtime.classpath")).strip();
    for (String file : classPath.split(File.pathSeparator, -1)) {
      try (ZipFile jar = new ZipFile(file)) {
        if (jar.stream().map(ZipEntry::getName).anyMatch(shipped::contains)) {
          jars++;
          String name = new File(file).getName().replaceAll("-(\\d.*)\\.jar", ":$1");
          assertThat(notices).containsPattern(":\\Q" + name + "\\E +[A-Z]");
          assertAllTextsAreThere(jar);
        }
      }
    }
    assertThat(jars).isGreaterThan(30);
  }

  @Test
  void noJarWithoutClassesInTheZipIsNamed() {
    assertThat(List.of("net.java.dev.jna", "joda-time:joda-time", "commons-io"))
        .noneMatch(notices::contains);
  }

  @Test
  void theNoticesOfOnnxRuntimeAreThere() {
    assertThat(notices).contains("onnxruntime", "ThirdPartyNotices.txt", "protobuf", "Eigen");
  }

  /// Its notices went with it.
  @Test
  void lambdasOwnClientDoesNotShip() throws IOException {
    assertThat(classesInTheZip())
        .isNotEmpty()
        .noneMatch(name -> name.startsWith(RELOCATED))
        .noneMatch(name -> name.startsWith("com/amazonaws/services/lambda/runtime/api/"));
    assertThat(notices).doesNotContain("runtime-interface-client");
  }

  @Test
  void everyModelAndTheRuntimeAreNamed() throws IOException {
    assertThat(notices).containsPattern("all-minilm-l6-v2 +Apache-2\\.0");
    assumeThat(zip.getEntry("jre/release")).isNotNull();
    String version = text("jre/release").replaceAll("(?s).*JAVA_VERSION=\"([^\"]+)\".*", "$1");
    assertThat(notices).contains("OpenJDK " + version + ",");
    assertThat(zip.getEntry("jre/legal/java.base/LICENSE").getSize()).isGreaterThan(10_000);
  }

  private static void assertAllTextsAreThere(ZipFile jar) throws IOException {
    for (ZipEntry entry : jar.stream().toList()) {
      if (entry.getName().matches("(META-INF/)?(LICENSE|NOTICE|ThirdPartyNotices)(\\.txt)?")) {
        try (InputStream in = jar.getInputStream(entry)) {
          assertThat(notices.contains(new String(in.readAllBytes(), StandardCharsets.UTF_8)))
              .as("%s of %s", entry.getName(), jar.getName())
              .isTrue();
        }
      }
    }
  }

  private static Set<String> classesInTheZip() throws IOException {
    Set<String> classes = new HashSet<>();
    try (ZipInputStream jar =
        new ZipInputStream(new ByteArrayInputStream(bytes("lib/pilotlight.jar")))) {
      for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
        if (entry.getName().endsWith(".class")) {
          classes.add(entry.getName());
        }
      }
    }
    return classes;
  }

  private static String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
      return in.readAllBytes();
    }
  }
}

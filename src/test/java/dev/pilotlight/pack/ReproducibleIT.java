package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/// Two builds of one commit give the same application jar and the same list of files: what makes
/// builds differ is not there.
final class ReproducibleIT {
  private static final Path ZIP = Path.of("target/pilotlight.zip");
  private static final Path JAR = Path.of("target/pilotlight/lib/pilotlight.jar");
  private static final String STAMP = "project.build.outputTimestamp>";

  @Test
  void filesHaveTheTimeInThePom() throws IOException {
    LocalDateTime time = timeOfThePom();
    assertThat(entries(ZIP, ".*"))
        .allSatisfy(entry -> assertThat(entry.getTimeLocal()).isEqualTo(time));
    assertThat(entries(JAR, "dev/.*|META-INF/MANIFEST.MF"))
        .allSatisfy(entry -> assertThat(entry.getTimeLocal()).isEqualTo(time));
    Instant built = Files.getLastModifiedTime(JAR).toInstant();
    LocalDateTime hourBefore = LocalDateTime.ofInstant(built, ZoneId.systemDefault()).minusHours(1);
    assertThat(entries(JAR, ".*"))
        .as("what is of a library is as old as that")
        .allSatisfy(entry -> assertThat(entry.getTimeLocal()).isBefore(hourBefore));
  }

  @Test
  void ourClassesAreInTheOrderOfTheirNames() throws IOException {
    assertThat(entries(JAR, "dev/.*\\.class")).extracting(ZipEntry::getName).isSorted();
  }

  @Test
  void noFileOfTheBuildContainsItsDirectory() throws IOException {
    String here = System.getProperty("user.dir");
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      for (ZipEntry entry : entries(JAR, "dev/.*\\.class|META-INF/[^/]*|META-INF/services/.*")) {
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
            .as(entry.getName())
            .doesNotContain(here);
      }
    }
  }

  private static List<ZipEntry> entries(Path archive, String names) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      List<ZipEntry> entries =
          zip.stream()
              .map(ZipEntry.class::cast)
              .filter(entry -> !entry.isDirectory() && entry.getName().matches(names))
              .toList();
      assertThat(entries).isNotEmpty();
      return entries;
    }
  }

  private static LocalDateTime timeOfThePom() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    int from = pom.indexOf(STAMP) + STAMP.length();
    return OffsetDateTime.parse(pom.substring(from, pom.indexOf('<', from))).toLocalDateTime();
  }
}

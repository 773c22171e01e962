package dev.pilotlight.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.App;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionTest {

  @Test
  void theServersVersionIsTheProjects() throws IOException {
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<artifactId>pilotlight</artifactId>\n  <version>" + App.VERSION + "<");
  }
}

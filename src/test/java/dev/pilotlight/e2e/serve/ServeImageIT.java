package dev.pilotlight.e2e.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What the image has works together: the package with its Java runtime, the server's jar, and the
/// entry point.
@Timeout(300)
@EnabledOnOs(OS.LINUX) // the package is for it
@EnabledIf(value = "isBuilt", disabledReason = "mvn package makes the package and the jar")
class ServeImageIT {
  private static final Path PACKAGE = Path.of("target", "pilotlight");
  private static final Path JAR = Path.of("target", "pilotlight-serve.jar");

  static boolean isBuilt() {
    return Files.isExecutable(PACKAGE.resolve("jre/bin/java")) && Files.exists(JAR);
  }

  @Test
  void theEntryPointServesFromThePackage(@TempDir Path image) throws Exception {
    Path entryPoint = image.resolve("start");
    Files.copy(Path.of("deploy", "container", "start"), entryPoint);
    assertThat(entryPoint.toFile().setExecutable(true)).isTrue();
    Files.copy(JAR, image.resolve("serve.jar"));
    try (Served served = Served.image(entryPoint, PACKAGE)) {
      Client.Reply reply = new Client(served.url()).embeddings(List.of("from the image"));
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      assertThat(served.metrics()).contains("pilotlight_http_requests_total{status=\"200\"}");
      served.terminate();
      assertThat(served.await()).isEqualTo(143);
      assertThat(served.log()).contains("drained");
    }
  }

  @Test
  void theJarHasServerJettyAndLicences() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> names = jar.stream().map(it -> it.getName()).toList();
      assertThat(names)
          .contains(
              "META-INF/LICENSE",
              "META-INF/NOTICE",
              "dev/pilotlight/serve/Serve.class",
              "org/eclipse/jetty/server/Server.class")
          .noneMatch(it -> it.startsWith("META-INF/maven/"))
          .noneMatch(it -> it.startsWith("dev/pilotlight/") && it.contains("Test"));
    }
  }
}

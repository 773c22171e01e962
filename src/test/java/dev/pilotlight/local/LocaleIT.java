package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pilotlight.cache.FakeRedis;
import dev.pilotlight.local.runtime.Echo;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.template.FunctionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The packaged function with settings that are not ASCII.
@Timeout(120)
class LocaleIT {
  private static final Path PACKAGE = Path.of("target/pilotlight").toAbsolutePath();
  private static final String PASSWORD = " gr\u00fc\u00df \u20ac ";

  private final List<String> log = new CopyOnWriteArrayList<>();

  @TempDir private Path directory;

  @BeforeEach
  void thisMachineMadeIt() {
    assumeThat(PACKAGE.resolve(Launch.BOOTSTRAP)).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"LC_ALL=POSIX", "LC_ALL=C", "LC_ALL=de_DE.ISO-8859-1", "LANG=none"})
  void passwordsAndPathsAreRightInAnyLocale(String locale) throws IOException {
    try (FakeRedis redis = new FakeRedis()) {
      assertThat(answer(locale, redis.url())).contains("\"statusCode\":200").contains("fwd=miss");
      assertThat(redis.credentials()).contains(List.of(PASSWORD));
      // on a busy machine the first connection may be late, which is not what this is about
      assertThat(log)
          .noneMatch(line -> line.contains("WARN") && !line.contains("Redis does not answer"));
    }
  }

  private String answer(String locale, String redisUrl) throws IOException {
    Path root = Files.createDirectory(directory.resolve("root"));
    try (Stream<Path> children = Files.list(PACKAGE)) {
      for (Path child : children.toList()) {
        Files.createSymbolicLink(root.resolve(child.getFileName()), child);
      }
    }
    Path bootstrap = root.resolve(Launch.BOOTSTRAP);
    Files.delete(bootstrap);
    // by a script: this process's own locale would encode names and variables that it passes
    Files.writeString(
        bootstrap,
        """
        #!/bin/sh
        ln -s '%2$s/models' '%1$s/mod\u00e8les'
        export PILOTLIGHT_MODELS='%1$s/mod\u00e8les' PILOTLIGHT_REDIS_PASSWORD='%3$s'
        unset LANG
        export %4$s
        exec '%2$s/bootstrap'
        """
            .formatted(directory, PACKAGE, PASSWORD, locale));
    assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
    Launch launch =
        new Launch(
            new FunctionSettings(
                "Packaged",
                "dev.pilotlight.handler.ApiHandler::handleRequest",
                Duration.ofSeconds(30),
                1769,
                Map.of()),
            Launch.Code.Packaged.at(root),
            Map.of("PILOTLIGHT_STORE", "off", "PILOTLIGHT_REDIS", redisUrl),
            Duration.ofSeconds(1));
    byte[] event = Files.readAllBytes(Path.of("events/embeddings.json"));
    try (EnvironmentPool pool =
        new EnvironmentPool(launch, 1, 1, (number, line) -> log.add(line))) {
      pool.start().join();
      return Echo.text(pool.invoke(new Invocation(event, "Root=1-0-0", null)).join());
    }
  }
}

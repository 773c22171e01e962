package dev.pilotlight.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

final class OneLinePerClassTest {
  private static final String NAME = OneLinePerClassTest.class.getName();

  /// Run by this test only.
  static final class Mixed {
    @Test
    void passes() {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void failsAtTwo(int number) {
      assertThat(number).isNotEqualTo(2);
    }

    @Test
    void isAborted() {
      Assumptions.abort("not here");
    }

    @Test
    @Disabled("not now")
    void isDisabled() {}
  }

  /// Run by this test only.
  static final class NeverStarts {
    @BeforeAll
    static void start() {
      assertThat(NAME).as("no port is free").isEmpty();
    }

    @Test
    void passes() {}
  }

  @Test
  void printsOneLineForAClassAndEveryFailureInFull() {
    List<String> lines = run(Mixed.class);
    assertThat(lines.getLast()).matches(" +[0-9.]+ s +5 tests  .*\\$Mixed  1 FAILED  2 skipped");
    assertThat(lines.getFirst()).isEqualTo("FAILED: " + NAME + "$Mixed.failsAtTwo, [2] number = 2");
    assertThat(lines).anyMatch(line -> line.contains("\tat " + NAME + "$Mixed.failsAtTwo"));
    assertThat(lines).filteredOn(line -> line.contains("tests  ")).hasSize(1);
  }

  @Test
  void countsAFailureBeforeTheFirstTest() {
    List<String> lines = run(NeverStarts.class);
    assertThat(lines).anyMatch(line -> line.contains("no port is free"));
    assertThat(lines.getLast()).endsWith("0 tests  " + NAME + "$NeverStarts  1 FAILED");
  }

  private static List<String> run(Class<?> tests) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    LauncherConfig config =
        LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    LauncherFactory.create(config)
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
            new OneLinePerClass(new PrintStream(printed, true, StandardCharsets.UTF_8)));
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}

package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The files that a project has besides its code, compared with what they depend on.
final class ProjectFilesTest {
  private static final Pattern USES = Pattern.compile("uses: (\\S+)");
  private static final Pattern VERSION =
      Pattern.compile("<artifactId>pilotlight</artifactId>\\s*<version>([^<]+)");
  private static final Pattern PROFILE =
      Pattern.compile("(?s)<profile>.*?<id>([^<]+)</id>(.*?)</profile>");
  private static final Path WEEKLY = Path.of(".github/workflows/weekly.yml");

  @Test
  void changelogHasTheVersionOfThePom() throws IOException {
    Matcher version = VERSION.matcher(text("pom.xml"));

    assertThat(version.find()).isTrue();
    assertThat(text("CHANGELOG.md")).contains("## [" + version.group(1) + "]");
  }

  @Test
  void licenceIsTheOneThatThePomNames() throws IOException {
    assertThat(text("pom.xml")).contains("<name>Apache-2.0</name>");
    assertThat(text("LICENSE"))
        .contains("Apache License", "Version 2.0, January 2004", "9. Accepting Warranty");
  }

  @Test
  void vulnerabilitiesAreReportedByGitHubAndNotByMail() throws IOException {
    assertThat(text("SECURITY.md")).contains("Report a\nvulnerability").doesNotContain("@");
  }

  @Test
  void lockFileHasADigestForEveryDependency() throws IOException {
    String lock = text(".mvn/dependencies-lock.json");
    long dependencies = count("\"artifactId\" : ", lock);

    assertThat(dependencies).isGreaterThan(100);
    assertThat(count("\"integrity\" : \"sha512:[A-Za-z0-9+/]{86}==\"", lock))
        .isEqualTo(dependencies);
  }

  @Test
  void buildChecksTheLockFile() throws IOException {
    assertThat(text("pom.xml"))
        .containsPattern(
            "<id>dependency-digests</id>\\s*<phase>process-test-classes</phase>\\s*"
                + "<goals>\\s*<goal>check</goal>");
  }

  /// The profile runs what has the tag, and `.ci/run` finds its classes by the annotation.
  @Test
  void testsThatVerifyLeavesOutRunInTheProfileFaults() throws IOException {
    assertThat(OnlyInFaults.class.getAnnotation(Tag.class).value()).isEqualTo("faults");
    assertThat(text("pom.xml"))
        .containsPattern("(?s)<id>faults</id>((?!</profile>).)*<groups>faults</groups>");
    assertThat(text(".ci/run")).contains("grep -rl '^ *@OnlyInFaults' src/test/java");
    for (Path file : tests()) {
      String test = Files.readString(file);
      assertThat(test).as(file.toString()).doesNotContain("Soak#orFaults");
      if (test.contains("@OnlyInFaults")) {
        assertThat(file.toString()).endsWith("IT.java");
        assertThat(test).as(file.toString()).containsPattern("(?m)^ *@OnlyInFaults$");
      }
    }
  }

  private static List<Path> tests() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("OnlyInFaults.java"))
          .filter(file -> !file.endsWith("ProjectFilesTest.java"))
          .toList();
    }
  }

  @Test
  void eachProfileOfIntegrationTestsHasALogWithAnotherName() throws IOException {
    Set<String> logs = new TreeSet<>(Set.of("verify"));
    Matcher profiles = PROFILE.matcher(text("pom.xml"));
    while (profiles.find()) {
      if (profiles.group(2).contains("failsafe:integration-test")) {
        String name = profiles.group(1);
        logs.add(name);
        assertThat(profiles.group(2)).contains("<functions.log>" + name + "</functions.log>");
      }
    }
    String ci = text(".ci/run");
    Matcher further = Pattern.compile("-Dfunctions\\.log=([a-z]+)").matcher(ci);
    while (further.find()) {
      logs.add(further.group(1));
    }
    Matcher read = Pattern.compile("for run in ([a-z ]+); do").matcher(ci);
    assertThat(read.find()).isTrue();
    assertThat(read.group(1).split(" ", -1)).containsExactlyInAnyOrder(logs.toArray(String[]::new));
  }

  @Test
  void everyActionIsPinnedToACommit() throws IOException {
    try (Stream<Path> workflows = Files.list(Path.of(".github/workflows"))) {
      for (Path workflow : workflows.toList()) {
        assertThat(actions(Files.readString(workflow)))
            .as(workflow.toString())
            .isNotEmpty()
            .allMatch(action -> action.matches("[^@]+@[0-9a-f]{40}"));
      }
    }
  }

  @Test
  void weeklyRebuildUsesNoCacheAndTheNewestJdk() throws IOException {
    String workflow = Files.readString(WEEKLY);

    assertThat(workflow)
        .contains("check-latest: true", "run: .ci/run", "run: mvn -B -Psbom", "gh issue create")
        .contains("mvn -B test -Pgolden", "QuantizedMiniLmTest", "-Dpilotlight.images=true")
        .doesNotContain("cache:");
    assertThat(yaml(WEEKLY).get("on")).asString().contains("schedule", "cron=");
  }

  @Test
  void weeklyRebuildInstallsWhatTheOtherWorkflowInstalls() throws IOException {
    String weekly = Files.readString(WEEKLY);

    assertThat(actions(text(".github/workflows/ci.yml"))).allMatch(weekly::contains);
  }

  @Test
  void updatesAreProposedForEveryKindOfDependency() throws IOException {
    Object updates = yaml(Path.of(".github/dependabot.yml")).get("updates");

    assertThat((List<?>) updates)
        .extracting(update -> ((Map<?, ?>) update).get("package-ecosystem"))
        .asString()
        .contains("maven", "github-actions", "pip", "npm");
    assertThat(Path.of(".ci/requirements.txt")).exists();
    assertThat(Path.of(".ci/node.txt")).exists();
  }

  private static List<String> actions(String workflow) {
    return USES.matcher(workflow).results().map((MatchResult uses) -> uses.group(1)).toList();
  }

  private static long count(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }

  private static Map<?, ?> yaml(Path file) throws IOException {
    return (Map<?, ?>)
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
  }

  private static String text(String file) throws IOException {
    return Files.readString(Path.of(file));
  }
}

package dev.pilotlight.pack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The script `pilotlight`, with a JDK and a Maven that only print how they were started.
@Timeout(60)
public final class ScriptTest {
  private static final String WIRE = "src/local/java/dev/pilotlight/local/wire";

  @TempDir private Path directory;
  private Path home;
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void create() throws IOException {
    assumeThat(File.separatorChar).isEqualTo('/');
    home = directory.resolve("a home");
    Files.createDirectories(home.resolve("src/main/java"));
    Files.createDirectories(home.resolve("src/cli/java"));
    Files.createDirectories(home.resolve(WIRE));
    Files.createDirectories(home.resolve("target"));
    Files.writeString(home.resolve("src/main/java/A.java"), "");
    Files.writeString(home.resolve("pom.xml"), "");
    for (String source :
        List.of(
            "src/main",
            "src/main/java",
            "src/main/java/A.java",
            "src/cli",
            "src/cli/java",
            WIRE,
            "pom.xml")) {
      age(source, Duration.ofHours(2));
    }
    executable(home.resolve("pilotlight"), Files.readString(Path.of("pilotlight")));
    jdk("jdk25", "25.0.1");
    environment.put("JAVA_HOME", directory.resolve("jdk25").toString());
    executable(
        directory.resolve("bin/mvn"),
        "echo noise; echo \"$* in $PWD\" > ../mvn; : > target/pilotlight-cli.jar");
    environment.put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
  }

  @Test
  void startsTheJarWithItsArguments() throws Exception {
    jar(Duration.ZERO);

    Run run = run("inspect", "a b", "--text=ü");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("jdk25 ")
        .contains("-jar " + home.resolve("target/pilotlight-cli.jar") + " inspect|a b|--text=ü|")
        .contains("ORT_DISABLE_TELEMETRY=1 OPT_OUT_TRACKING=true");
  }

  @Test
  void buildsTheJarOnFirstUseAndReportsIt() throws Exception {
    Run first = run("--help");
    Run second = run("--help");

    assertThat(first.err().lines())
        .containsExactly(
            "pilotlight: building %s/target/pilotlight-cli.jar, which takes a minute or two"
                .formatted(home));
    assertThat(directory.resolve("mvn")).content().startsWith("-q -B -Pcli in " + home);
    assertThat(first.out()).contains("-jar");
    assertThat(second.err()).isEmpty();
  }

  @Test
  void buildsAgainAfterASourceOrThePomHasChanged() throws Exception {
    for (String changed : List.of("src/main/java/A.java", "src/cli/java", "pom.xml")) {
      jar(Duration.ofHours(1));
      age(changed, Duration.ZERO);

      assertThat(run("--help").err()).as(changed).contains("pilotlight: building");
      assertThat(run("--help").err()).as(changed).isEmpty();
    }
  }

  @Test
  void failsIfTheBuildFails() throws Exception {
    executable(directory.resolve("bin/mvn"), "echo broken; exit 1");

    Run run = run("--help");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).endsWith("broken\npilotlight: not built; Maven's message is above\n");
  }

  @Test
  void skipsAJdkThatIsTooOld() throws Exception {
    jar(Duration.ZERO);
    jdk("jdk21", "21.0.9");
    environment.put("JAVA_HOME", directory.resolve("jdk21").toString());
    jdk("bin/jdk26", "26");
    executable(
        directory.resolve("bin/java"), "echo '    java.home = " + directory + "/bin/jdk26' >&2");

    assertThat(run().out()).doesNotStartWith("jdk21 ");
  }

  @Test
  void worksThroughASymbolicLinkFromAnotherFolder() throws Exception {
    jar(Duration.ZERO);
    Path link = directory.resolve("bin/pilotlight");
    Files.createSymbolicLink(link, Path.of("../a home/pilotlight"));

    assertThat(run(link, List.of()).out()).contains(home + "/target/pilotlight-cli.jar");
  }

  @Test
  void argumentsAreUtf8InEveryLocale() throws Exception {
    jar(Duration.ZERO);

    assertThat(run().out()).contains("LC_ALL=C.UTF-8");
    environment.put("LANG", "de_DE.UTF-8");
    assertThat(run().out()).contains("LC_ALL=\n");
    environment.put("LC_ALL", "POSIX");
    assertThat(run().out()).contains("LC_ALL=C.UTF-8");
  }

  private record Run(int exitCode, String out, String err) {}

  private Run run(String... arguments) throws Exception {
    return run(home.resolve("pilotlight"), List.of(arguments));
  }

  private Run run(Path script, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(arguments);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    int exitCode = builder.start().waitFor();
    return new Run(exitCode, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  /// @param name its `java` prints this, its arguments and the variables of interest
  private void jdk(String name, String version) throws IOException {
    Path folder = directory.resolve(name);
    executable(
        folder.resolve("bin/java"),
        """
        printf '%s '
        while [ "$1" != -jar ]; do shift; done
        printf '%%s %%s ' "$1" "$2"
        shift 2
        printf '%%s|' "$@"
        echo " ORT_DISABLE_TELEMETRY=$ORT_DISABLE_TELEMETRY OPT_OUT_TRACKING=$OPT_OUT_TRACKING"
        echo "LC_ALL=${LC_ALL:-}"
        """
            .formatted(name));
    Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private void jar(Duration age) throws IOException {
    Files.writeString(home.resolve("target/pilotlight-cli.jar"), "");
    age("target/pilotlight-cli.jar", age);
  }

  private void age(String file, Duration age) throws IOException {
    FileTime time = FileTime.from(Instant.now().minus(age));
    Files.setLastModifiedTime(home.resolve(file), time);
  }

  private static void executable(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, script.startsWith("#!") ? script : "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}

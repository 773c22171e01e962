package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rule in `pom.xml` that stops the first build in one line where there is no JDK 25.
class JdkRuleTest {
  private static final Pattern RULE =
      Pattern.compile(
          "<evaluateBeanshell>\\s*<condition>(.*?)</condition>\\s*<message>(.*?)</message>",
          Pattern.DOTALL);

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init")
  private static Matcher rule;

  @BeforeAll
  static void find() throws IOException {
    rule = RULE.matcher(Files.readString(Path.of("pom.xml")));
    assertThat(rule.find()).isTrue();
  }

  @Test
  void messageNamesTheJdkToInstall() {
    assertThat(rule.group(2))
        .startsWith("Pilotlight needs a JDK 25")
        .contains("https://adoptium.net/temurin/releases/?version=25", "JAVA_HOME");
  }

  @Test
  void machineWithoutAnyJdkIsRefused() throws Exception {
    assertThat(holds()).isFalse();
  }

  @Test
  void machineWithAnotherJdkIsRefused() throws Exception {
    write("target/jdks.xml", "<provides><version>21.0.5</version></provides>");
    write("home/.m2/toolchains.xml", "<provides><version>17</version></provides>");
    assertThat(holds()).isFalse();
  }

  @Test
  void jdkThatMavenFoundIsEnough() throws Exception {
    write("target/jdks.xml", "<version>17.0.1</version>\n<version>25.0.1</version>");
    assertThat(holds()).isTrue();
  }

  @Test
  void jdkOfTheUsersToolchainsIsEnough() throws Exception {
    write("home/.m2/toolchains.xml", "<version>25</version>");
    assertThat(holds()).isTrue();
  }

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /// Runs the condition, which is BeanShell: Java without types of variables.
  private boolean holds() throws Exception {
    String script =
        rule.group(1)
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("${project.build.directory}", directory.resolve("target").toString())
            .replace("${user.home}", directory.resolve("home").toString())
            .replaceFirst("found =", "boolean found =")
            .replaceFirst("for \\(place", "for (String place")
            .replaceAll("(?m)^(\\s*)(file|bytes|text) =", "$1var $2 =")
            .replaceFirst("found;\\s*$", "return found;");
    Path source =
        Files.writeString(
            directory.resolve("Rule.java"),
            "public class Rule { public static boolean holds() throws Exception {" + script + "}}");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", directory.toString(), source.toString());
    assertThat(status).as(script).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      return (boolean) loader.loadClass("Rule").getMethod("holds").invoke(null);
    }
  }
}

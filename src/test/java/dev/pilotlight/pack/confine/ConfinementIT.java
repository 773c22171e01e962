package dev.pilotlight.pack.confine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The confinement refuses and reports each of these programs, which succeed without it.
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
final class ConfinementIT {
  private static final int CAUGHT = 1;

  private static Optional<String> obstacle = Optional.empty();

  @TempDir private Path directory;
  private Confinement confinement = new Confinement(Path.of("not yet"));
  private Confinement.End end = new Confinement.End(-1, "");

  @BeforeAll
  static void probe(@TempDir Path probe) throws IOException, InterruptedException {
    obstacle = Confinement.obstacle(probe);
  }

  @BeforeEach
  void thisMachineCanConfine() {
    assumeThat(obstacle).as("what is in the way").isEmpty();
    confinement = new Confinement(directory.resolve("notes"));
  }

  @Test
  void refusesAChildProcess() throws IOException, InterruptedException {
    assertThat(free("process", "/bin/true")).isZero();
    confined(Map.of(), "process", "/bin/true");

    assertThat(confinement.tried()).contains("refused process");
    assertThat(end.output()).contains("IOException");
    assertThat(end.status()).isEqualTo(CAUGHT);
  }

  @Test
  void refusesAConnectionElsewhere() throws IOException, InterruptedException {
    try (ServerSocket elsewhere = server()) {
      String port = Integer.toString(elsewhere.getLocalPort());
      assertThat(free("connect", port)).isZero();
      confined(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"), "connect", port);

      assertThat(confinement.tried()).contains("refused connect 127.0.0.1:" + port);
      assertThat(end.status()).isEqualTo(CAUGHT);
    }
  }

  @Test
  void allowsAConnectionToAConfiguredAddress() throws IOException, InterruptedException {
    try (ServerSocket redis = server()) {
      String address = "127.0.0.1:" + redis.getLocalPort();
      confined(
          Map.of("PILOTLIGHT_REDIS", "redis://" + address),
          "connect",
          Integer.toString(redis.getLocalPort()));

      assertThat(end.status()).as(end.output()).isZero();
      assertThat(confinement.tried()).contains("connect " + address);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sendto", "sendmsg"})
  void refusesADatagram(String call) throws IOException, InterruptedException {
    assertThat(free(call, "9")).isZero();
    confined(Map.of(), call, "9");

    assertThat(confinement.tried()).contains("refused send 127.0.0.1:9");
    assertThat(end.status()).isEqualTo(CAUGHT);
  }

  @Test
  void refusesAServer() throws IOException, InterruptedException {
    assertThat(free("bind", "0")).isZero();
    confined(Map.of(), "bind", "0");

    assertThat(confinement.tried()).anyMatch(line -> line.startsWith("refused bind "));
    assertThat(end.status()).isEqualTo(CAUGHT);
  }

  @Test
  void refusesASocketOfThisMachine() throws IOException, InterruptedException {
    confined(Map.of(), "unix", "/run/pilotlight");

    assertThat(confinement.tried()).contains("refused connect unix:/run/pilotlight");
    assertThat(end.status()).isEqualTo(CAUGHT);
  }

  @Test
  void refusesTheLookUpOfAName() throws IOException, InterruptedException {
    confined(Map.of(), "name", "pilotlight.example");

    assertThat(confinement.tried())
        .filteredOn(line -> line.startsWith("refused connect "))
        .anyMatch(line -> !line.endsWith(ConfinedPackageIT.USER_NAMES));
    assertThat(end.status()).isEqualTo(CAUGHT);
  }

  @Test
  void refusesAFileOutsideOfTmp(@TempDir(factory = Outside.class) Path outside)
      throws IOException, InterruptedException {
    Path file = outside.resolve("file");
    assertThat(free("write", file.toString())).isZero();
    confined(Map.of(), "delete", file.toString());
    assertThat(end.status()).isEqualTo(CAUGHT);
    assertThat(file).exists();

    Path other = outside.resolve("other");
    confined(Map.of("HOME", outside.toString()), "write", other.toString());
    assertThat(end.status()).isEqualTo(CAUGHT);
    assertThat(other).doesNotExist();
    assertThat(confinement.tried()).contains("write " + other);
  }

  @Test
  void allowsAFileInTmp() throws IOException, InterruptedException {
    Path file = Files.createTempFile(Path.of("/tmp"), "confined", "");
    try {
      confined(Map.of(), "write", file.toString());

      assertThat(end.status()).as(end.output()).isZero();
      assertThat(file).hasContent("written");
      assertThat(confinement.tried()).contains("write " + file);
    } finally {
      Files.delete(file);
    }
  }

  /// In one that there is already: the kernel gives one listener only.
  @Test
  void reportsWhyItCannotConfine() throws IOException, InterruptedException {
    Path notes = directory.resolve("inner");
    end =
        confinement.run(
            Map.of(), Confinement.java(Confined.class, notes.toString(), "/", "/bin/true"));

    assertThat(end.output()).contains("not confined: ").contains("SECCOMP, errno 16");
    assertThat(end.status()).isEqualTo(Confined.NOT_HERE);
    assertThat(notes).doesNotExist();
  }

  private void confined(Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    end = confinement.run(variables, Confinement.java(Misbehaving.class, arguments));
  }

  private static int free(String... arguments) throws IOException, InterruptedException {
    List<String> command = List.of(Confinement.java(Misbehaving.class, arguments));
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private static ServerSocket server() throws IOException {
    return new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  }
}

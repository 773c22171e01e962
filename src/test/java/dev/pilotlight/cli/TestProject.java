package dev.pilotlight.cli;

import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.aws.AwsCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// A project with two presets, a package and an account, for `pilotlight preflight`.
abstract class TestProject {
  static final AwsCredentialsProvider SOMEBODY =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret"));
  static final int X86_64 = 62;
  static final int ARM64 = 183;

  @TempDir Path root;

  @SuppressWarnings("NullAway.Init")
  TestAws aws;

  @SuppressWarnings("NullAway.Init")
  Path zip;

  @BeforeEach
  void project() throws IOException {
    aws = new TestAws();
    zip = zip("x86.zip", X86_64, "bootstrap");
    Files.writeString(
        root.resolve("template.yaml"),
        """
        Parameters:
          Runtime:
            Default: provided.al2023
          Architecture:
            Default: x86_64
          MemorySize:
            Default: 1769
          BatchMemorySize:
            Default: 3008
          StartMode:
            Default: on-demand
          ProvisionedMax:
            Default: 5
          ReservedConcurrency:
            Default: -1
          BatchReservedConcurrency:
            Default: -1
          BatchSource:
            Default: events
          BatchConcurrency:
            Default: 2
          Cache:
            Default: none
          Alarms:
            Default: few
          AlertEmail:
            Default: ""
          ZoneA:
            Default: ""
          ZoneB:
            Default: ""
          CostAnomalyMonitor:
            Default: "false"
          MonthlyBudget:
            Default: 0

        Resources:
          MemorySize:
            Default: 9
        """);
    config("");
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  void config(String... overrides) throws IOException {
    StringBuilder list = new StringBuilder();
    for (String override : overrides) {
      list.append(override.isEmpty() ? "" : "  \"" + override + "\", # why\n");
    }
    Files.writeString(
        root.resolve("samconfig.toml"),
        """
        version = 0.1
        # the defaults
        [default.deploy.parameters]
        stack_name = "pilotlight"
        resolve_s3 = true

        [other.deploy.parameters]
        parameter_overrides = [
        %s]
        """
            .formatted(list));
  }

  Path zip(String name, int machine, String other) throws IOException {
    Path file = root.resolve(name);
    byte[] elf = new byte[64];
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F'}, 0, elf, 0, 4);
    elf[18] = (byte) machine;
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      entries.putNextEntry(new ZipEntry("jre/bin/java"));
      entries.write(elf);
      entries.putNextEntry(new ZipEntry(other));
      entries.write(1);
    }
    return file;
  }

  TestRun run(@Nullable String region, String... arguments) {
    return run(SOMEBODY, aws.endpoint(), region, arguments);
  }

  TestRun run(
      AwsCredentialsProvider credentials,
      URI endpoint,
      @Nullable String region,
      String... arguments) {
    AwsCalls calls = new AwsCalls(credentials, Optional.of(endpoint), Duration.ZERO);
    Preflight command =
        new Preflight(
            new Terminal(false, false), () -> new Aws(calls, Optional.ofNullable(region)));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--folder", root.toString(), "--zip", zip.toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Pilotlight.handled(new CommandLine(command))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new TestRun(exitCode, out.toString(), err.toString());
  }
}

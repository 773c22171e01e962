package dev.pilotlight.cli;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.json.JsonBytes;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// Shared by the commands on tenants, keys, usage and batches: the options for the stack, and the
/// exit codes.
abstract class OnClients {
  private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,5})([smhd])");
  private static final int INTERRUPTED = 130;
  private static final String DYNAMO = "http://127.0.0.1:8000";
  private static final String S3 = "http://127.0.0.1:9000";

  /// The names of tenants, for descriptions and messages.
  static final String TENANT_NAME = "1 to 40 of a-z, 0-9 and -, the first not -.";

  private final Supplier<Aws> aws;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--stack",
      paramLabel = "STACK",
      scope = ScopeType.INHERIT,
      description = "The stack, asked with the credentials of the environment or the profile.")
  private @Nullable String stack;

  @Option(
      names = "--local",
      scope = ScopeType.INHERIT,
      description = "Works on the local runner in place of a stack.")
  private boolean local;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      scope = ScopeType.INHERIT,
      description = "The stack's region; default: that of the environment.")
  private @Nullable String region;

  @Option(
      names = "--dynamodb",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "With --local, its DynamoDB; default: " + DYNAMO + ".")
  private @Nullable URI dynamo;

  @Option(
      names = "--s3",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "With --local, its S3; default: " + S3 + ".")
  private @Nullable URI s3;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Prints JSON, for programs.")
  private boolean json;

  OnClients(Supplier<Aws> aws) {
    this.aws = aws;
  }

  /// The work of a command.
  interface Work {
    void on(Place place) throws Refused, InterruptedException;
  }

  /// Does the work, and returns the exit code.
  int with(Work work) {
    if (local == (stack != null)) {
      throw usage("one of --stack STACK and --local is needed");
    }
    if (local && region != null) {
      throw usage("--region needs --stack: the local runner is in no region");
    }
    if (!local && (dynamo != null || s3 != null)) {
      throw usage("--dynamodb and --s3 need --local: a stack has its own");
    }
    try {
      work.on(place());
      out().flush();
      return 0;
    } catch (Refused e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (LoadFailure e) {
      return failed(e.reason());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return INTERRUPTED;
    }
  }

  private Place place() throws Refused {
    if (stack == null) {
      return Place.local(
          Objects.requireNonNullElse(dynamo, URI.create(DYNAMO)),
          Objects.requireNonNullElse(s3, URI.create(S3)),
          false);
    }
    Aws process = aws.get();
    String here =
        Optional.ofNullable(region)
            .or(process::region)
            .orElseThrow(() -> new Refused("no region: set AWS_REGION, or --region"));
    return needsKeys() ? Place.of(process, here, stack) : Place.ofStack(process, here, stack);
  }

  /// Whether the command works only on stacks with API keys.
  boolean needsKeys() {
    return true;
  }

  /// Whether the command works on the local runner.
  boolean local() {
    return local;
  }

  private int failed(String reason) {
    spec.commandLine().getErr().println("pilotlight: " + Texts.oneLine(reason));
    return 1;
  }

  boolean json() {
    return json;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  void print(String line) {
    out().println(line);
  }

  void print(JsonBytes json) {
    print(new String(json.toByteArray(), StandardCharsets.UTF_8));
  }

  /// Prints a line that is not part of the result.
  void note(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  /// A change of the distribution's keys.
  interface EdgeChange {
    void run() throws Refused, InterruptedException;
  }

  /// Changes the distribution's keys, after those of the table of clients.
  ///
  /// @param otherwise what holds if that fails, and what to do
  void atEdge(String otherwise, EdgeChange change) throws Refused, InterruptedException {
    try {
      change.run();
    } catch (Refused e) {
      throw new Refused(otherwise + ": " + e.getMessage());
    } catch (LoadFailure e) {
      throw new Refused(otherwise + ": " + e.reason());
    }
  }

  ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  void requireTenantName(String name) {
    if (!ApiKey.isTenant(name)) {
      throw usage("the tenant's name is '%s'; accepted: %s".formatted(name, TENANT_NAME));
    }
  }

  /// Reads a duration, such as `24h`.
  Duration duration(String option, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw usage(
          "%s is '%s'; accepted: a number with s, m, h or d, such as 24h".formatted(option, text));
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /// A time in seconds since 1970 in words.
  static String time(long seconds) {
    try {
      return Instant.ofEpochSecond(seconds).toString();
    } catch (DateTimeException e) {
      return Long.toString(seconds);
    }
  }
}

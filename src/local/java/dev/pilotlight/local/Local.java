package dev.pilotlight.local;

import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Option;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// `mvn -Plocal`: starts everything on 127.0.0.1, prints the addresses and calls to try, and serves
/// until Ctrl-C, with one line per request. With `-Dbatch=` it answers a file instead: see
/// [LocalBatch].
public final class Local {
  /// Set by `pom.xml`; not an option for users.
  private static final String ENDS_WITH_PARENT = "pilotlight.ends.with.parent";

  /// The least time between two lines about a batch's progress, where there is no terminal.
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(3);

  private static final String INFER =
      "'{\"inputs\":[{\"name\":\"text\",\"shape\":[1],\"datatype\":\"BYTES\","
          + "\"data\":[\"hello world\"]}]}'";

  private static final String FIRST_ID = "sed 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/'";

  private Local() {}

  public static void main(String[] args) throws InterruptedException {
    long begun = System.nanoTime();
    Parts parts = new Parts();
    try {
      GivenOptions.refuseUnknown(System.getProperties());
      Options options = Options.from(System.getProperties());
      ModelPlace.requireModel(options.models());
      endWithParent();
      Runtime.getRuntime().addShutdownHook(new Thread(parts::close, "stop"));
      if (Option.BATCH.isIn(System.getProperties())) {
        Screen screen = Screen.standard(BETWEEN_LINES);
        System.exit(LocalBatch.from(System.getProperties(), screen).run(parts));
      }
      Console console = new Console(options.logs(), Screen.standard(Duration.ZERO));
      LocalStack stack = LocalStack.start(options, console, parts);
      Optional<String> model = ModelPlace.firstModel(options.models(), stack.s3());
      double seconds = (System.nanoTime() - begun) / 1e9;
      welcome(stack, options, model, seconds).lines().forEach(console::line);
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.out.println("Pilotlight cannot start: " + e.getMessage());
      System.exit(1);
    }
    new CountDownLatch(1).await();
  }

  /// Maven passes Ctrl-C on, but does not end its child when it is killed.
  private static void endWithParent() {
    if (Boolean.getBoolean(ENDS_WITH_PARENT)) {
      ProcessHandle.current()
          .parent()
          .ifPresent(
              parent -> {
                var _ = parent.onExit().thenRun(() -> System.exit(0));
              });
    }
  }

  static String welcome(LocalStack stack, Options options, Optional<String> model, double seconds) {
    String gateway = stack.gatewayUrl().toString();
    return String.join(
        "\n",
        "",
        String.format(Locale.ROOT, "Pilotlight is ready, after %.1f s. Ctrl-C stops it.", seconds),
        "",
        part("preset", options.preset().orElse("none"), ""),
        part("gateway", gateway, "-> " + stack.function()),
        part("playground", gateway + "/", "in a browser"),
        part("Invoke API", stack.invokeUrl().toString(), "aws lambda invoke --endpoint-url"),
        part("DynamoDB", stack.dynamo().endpoint().toString(), named("table", stack.tables())),
        part("Redis", stack.redis().map(RedisServer::url).orElse("none"), ""),
        part("S3", stack.s3().endpoint().toString(), named("bucket", stack.buckets())),
        "",
        kept(options),
        stack.developmentKey().map(key -> "\nAPI key of the tenant local: " + key).orElse(""),
        "",
        model
            .map(name -> calls(gateway, name, stack.developmentKey()))
            .orElseGet(() -> ModelPlace.advice(options, stack)),
        stack.buckets().contains(LocalBatch.INPUT) ? upload(stack.s3()) : "");
  }

  private static String kept(Options options) {
    return options
        .data()
        .map(
            directory ->
                "Data stay in %s; -D%s empties it."
                    .formatted(shown(directory), Option.RESET.optionName()))
        .orElse("Data are in memory, and gone when this ends.");
  }

  /// The relative path, where it is shorter.
  private static Path shown(Path directory) {
    Path here = Path.of("").toAbsolutePath();
    return directory.startsWith(here) && !directory.equals(here)
        ? here.relativize(directory)
        : directory;
  }

  private static String calls(String gateway, String model, Optional<String> key) {
    String bearer = key.map("-H 'authorization: Bearer %s' "::formatted).orElse("");
    String json = bearer + "-H 'content-type: application/json' -d ";
    String embeddings =
        "curl -s %s/v1/embeddings %s'{\"model\":\"%s\",\"input\":\"hello world\"}'"
            .formatted(gateway, json, model);
    return String.join(
        "\n",
        "Try (again: from a cache; the third looks up what the first stored):",
        "",
        "  " + embeddings,
        "  curl -s %s/v2/models/%s/infer %s%s".formatted(gateway, model, json, INFER),
        "  curl -s %s%s/v1/results/$(%s | %s)".formatted(bearer, gateway, embeddings, FIRST_ID));
  }

  private static String upload(S3Local s3) {
    return """

        Or a file of lines (its answers go to s3://%s/):

          aws s3 cp reviews.jsonl s3://%s/ --endpoint-url %s
        """
        .formatted(LocalBatch.OUTPUT, LocalBatch.INPUT, s3.endpoint());
  }

  private static String part(String name, String url, String use) {
    return "  %-11s %-24s %s".formatted(name, url, use).stripTrailing();
  }

  private static String named(String kind, List<String> names) {
    return names.isEmpty() ? "" : kind + " " + String.join(", ", names);
  }
}

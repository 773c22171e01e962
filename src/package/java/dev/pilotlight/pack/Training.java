package dev.pilotlight.pack;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.support.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The training run for the AOT cache: the package answers requests of every kind through the
/// gateway and the Runtime API, with Redis and DynamoDB by TLS.
///
/// It runs with all compilers, so that the cache has profiles for the environments that use them.
/// The JVM accepts the cache with the C1 compiler alone as well.
final class Training {
  private static final String MAKE = "-XX:AOTCacheOutput=";
  private static final String USE = "-XX:AOTCache=";

  /// The JVM writes the cache when it ends.
  private static final Duration GRACE = Duration.ofMinutes(5);

  private static final String TRUST = "-Djavax.net.ssl.trustStore=";
  private static final String NO_MODEL = "none";
  private static final int OK = 200;
  private static final int ROUNDS_A_FAILURE = 5;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Training() {}

  /// Leaves `pilotlight.aot` in the package.
  ///
  /// @param images whether the package decodes images
  static void run(Path root, boolean images) throws IOException, InterruptedException {
    Path bootstrap = root.resolve("bootstrap");
    String shipped = Files.readString(bootstrap);
    if (!shipped.contains(USE)) {
      throw new IllegalStateException("bootstrap does not use an AOT cache");
    }
    Files.writeString(bootstrap, shipped.replace(USE, MAKE));
    Path directory = Files.createTempDirectory("pilotlight-training");
    TrainingTls tls = TrainingTls.in(directory);
    int redis = freePort();
    int dynamo = freePort();
    List<String> log;
    try (TlsFront redisFront = TlsFront.start(tls.server(), redis);
        TlsFront dynamoFront = TlsFront.start(tls.server(), dynamo)) {
      Options options =
          options(root)
              .withPort(Option.REDIS_PORT, redis)
              .withPort(Option.DYNAMODB_PORT, dynamo)
              .withVariable("JAVA_TOOL_OPTIONS", TRUST + tls.trustStore())
              .withVariable("AWS_ENDPOINT_URL_DYNAMODB", "https://localhost:" + dynamoFront.port());
      if (RedisServer.available()) {
        options =
            options
                .withVariable("PILOTLIGHT_REDIS", "rediss://localhost:" + redisFront.port())
                // as at ElastiCache; this user takes any password
                .withVariable("PILOTLIGHT_REDIS_IAM", "serverless:training")
                .withVariable("PILOTLIGHT_REDIS_USER", "default");
      } else {
        System.out.println("package: no Redis on this machine; its client is not in the AOT cache");
      }
      boolean withImages = images && ImageTraining.begin(root);
      LocalStack stack = LocalStack.start(options);
      try (stack) {
        answer(root, stack, dynamoFront);
        if (withImages) {
          answerImages(stack);
        }
      }
      log = stack.logs();
    } finally {
      Files.writeString(bootstrap, shipped);
      ImageTraining.end(root);
      Trees.delete(directory);
    }
    if (!Files.isRegularFile(root.resolve("pilotlight.aot"))) {
      throw new IllegalStateException(
          "the training run left no AOT cache:\n" + String.join("\n", log));
    }
  }

  /// Chosen beforehand, since the function gets the proxy's address when it starts.
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Options options(Path root) {
    return Options.onFreePorts()
        .withPackage(root)
        .withEnvironmentsMax(1)
        .withGrace(GRACE)
        .withLogs(Options.Logs.ALL)
        // room for a few results only, so that requests reach Redis as well
        .withVariable("PILOTLIGHT_MEMORY_CACHE_BYTES", "3500")
        .withVariable("AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency");
  }

  private static void answer(Path root, LocalStack stack, TlsFront dynamo)
      throws IOException, InterruptedException {
    Requests requests = new Requests(firstModel(root.resolve("models")));
    int inferences = 0;
    for (int round = 0; round < Requests.ROUNDS; round++) {
      for (Requests.Call call : requests.round(round)) {
        if (round % ROUNDS_A_FAILURE == 0) {
          dynamo.failNext(); // the SDK makes the next calls
        }
        boolean answered = send(stack.gatewayUrl(), call) == OK;
        inferences += answered && call.body().length > 0 ? 1 : 0;
      }
    }
    if (inferences == 0 && !requests.model().equals(NO_MODEL)) {
      throw new IllegalStateException("no inference of the training run was answered");
    }
  }

  private static void answerImages(LocalStack stack) throws IOException, InterruptedException {
    for (int round = 0; round < Requests.ROUNDS; round++) {
      for (Requests.Call call : ImageTraining.round(round)) {
        int status = send(stack.gatewayUrl(), call);
        if (status != OK) {
          throw new IllegalStateException("an image of the training was answered by " + status);
        }
      }
    }
  }

  private static String firstModel(Path models) throws IOException {
    if (!Files.isDirectory(models)) {
      return NO_MODEL; // they come from S3
    }
    try (Stream<Path> names = Files.list(models)) {
      return names.sorted().findFirst().map(Path::getFileName).map(Path::toString).orElse(NO_MODEL);
    }
  }

  private static int send(URI gateway, Requests.Call call)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(call.path()));
    call.headers().forEach(request::header);
    if (call.body().length > 0) {
      request.POST(HttpRequest.BodyPublishers.ofByteArray(call.body()));
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}

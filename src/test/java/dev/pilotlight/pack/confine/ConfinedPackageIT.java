package dev.pilotlight.pack.confine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The packaged function where it can do no more than in Lambda, and is watched.
@Timeout(value = 180, threadMode = SEPARATE_THREAD)
final class ConfinedPackageIT {
  /// By this the C library asks a daemon, if there is one, for the name of the user: the JVM does
  /// when it starts. It leads nowhere outside of the machine, and Lambda has none.
  static final String USER_NAMES = "unix:/var/run/nscd/socket";

  private static final Path PACKAGE = Path.of("target/pilotlight").toAbsolutePath();
  private static final String TEXT =
      "{\"model\":\"all-minilm-l6-v2\",\"input\":\"a text\",\"encoding_format\":\"base64\"}";
  private static final int MANY = 120_000;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static Optional<String> obstacle = Optional.empty();

  @BeforeAll
  static void probe(@TempDir Path directory) throws IOException, InterruptedException {
    obstacle =
        Files.exists(PACKAGE.resolve("bootstrap"))
            ? Confinement.obstacle(directory)
            : Optional.of("this machine made no package that it can run");
  }

  /// Here, not before all: those that are skipped there are not in the report.
  @BeforeEach
  void thisMachineCanConfine() {
    assumeThat(obstacle).as("what is in the way").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"on-demand", "provisioned-concurrency"})
  void itStartsNoProcessAndCallsOnlyRedisDynamoDbAndS3AndWritesOnlyToTmp(
      String initialization,
      @TempDir Path directory,
      @TempDir(factory = Outside.class) Path outside)
      throws IOException, InterruptedException {
    Confinement confinement = new Confinement(directory.resolve("notes"));
    Path task = outside.resolve("var-task");
    confinement.wrap(task, directory);
    Options options =
        Options.onFreePorts()
            .withPackage(directory)
            .withEnvironmentsMax(1)
            .withModels(task.resolve("models"))
            .withVariable("PILOTLIGHT_MODEL_SETTLE_MS", "0")
            .withVariable("AWS_LAMBDA_INITIALIZATION_TYPE", initialization);
    try (ReadOnlyCopy copy = ReadOnlyCopy.of(PACKAGE, task, ConfinedPackageIT::addLargeModel)) {
      try (LocalStack stack = LocalStack.start(options)) {
        answersFromEveryTier(stack);
        refuses(stack);
        calledOnlyConfiguredAddresses(stack, confinement.tried());
      }
      assertThat(copy.state()).isEqualTo(copy.before());
    }
    assertThat(confinement.tried())
        .filteredOn(line -> line.startsWith("exec "))
        .containsExactlyElementsOf(threeStarts(task));
    assertThat(confinement.tried())
        .filteredOn(line -> line.startsWith("write "))
        .allMatch(line -> line.matches("write (/tmp/.+|/dev/null|/proc/self/.+)"));
  }

  private static void calledOnlyConfiguredAddresses(LocalStack stack, List<String> tried) {
    assertThat(tried)
        .filteredOn(line -> line.startsWith("refused "))
        .allMatch(line -> line.equals("refused connect " + USER_NAMES));
    assertThat(tried)
        .contains("connect " + address(stack.dynamo().endpoint().toString()))
        .contains("connect " + address(stack.s3().endpoint().toString()));
    stack.redis().ifPresent(redis -> assertThat(tried).contains("connect " + address(redis.url())));
  }

  private static void answersFromEveryTier(LocalStack stack)
      throws IOException, InterruptedException {
    assertThat(embed(stack)).isEqualTo("pilotlight; fwd=miss; stored");
    assertThat(embed(stack)).isEqualTo("pilotlight; hit; detail=\"memory\"");
    assertThat(infer(stack)).isEqualTo("pilotlight; fwd=miss; stored");
    stack.restartFunction();
    if (stack.redis().isPresent()) {
      assertThat(embed(stack)).isEqualTo("pilotlight; hit; detail=\"redis\"");
      stack.redis().get().flush();
    }
    stack.restartFunction();
    assertThat(infer(stack)).isEqualTo("pilotlight; hit; detail=\"dynamodb\"");
    try (var s3 = stack.s3().client()) {
      String bucket = "pilotlight-large-results";
      assertThat(s3.listObjectsV2(list -> list.bucket(bucket)).contents()).hasSize(1);
    }
  }

  private static void refuses(LocalStack stack) throws IOException, InterruptedException {
    assertThat(post(stack, "/v1/embeddings", "{\"model\":").statusCode()).isEqualTo(400);
    assertThat(post(stack, "/v2/models/unknown/infer", "{\"inputs\":[]}").statusCode())
        .isEqualTo(404);
  }

  private static String embed(LocalStack stack) throws IOException, InterruptedException {
    return cacheStatus(post(stack, "/v1/embeddings", TEXT));
  }

  /// A result that is too large for DynamoDB.
  private static String infer(LocalStack stack) throws IOException, InterruptedException {
    String data = String.join(",", Collections.nCopies(MANY, "1"));
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[%d],\"datatype\":\"FP32\",\"data\":[%s]}]}"
            .formatted(MANY, data);
    return cacheStatus(post(stack, "/v2/models/large/infer", body));
  }

  private static String cacheStatus(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.headers().firstValue("cache-status").orElse("none");
  }

  private static HttpResponse<String> post(LocalStack stack, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(stack.gatewayUrl().resolve(path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static void addLargeModel(Path root) {
    OnnxModels.identity(Datatype.FP32, "n").write(root.resolve("models/large/1/model.onnx"));
  }

  /// Each is `bootstrap`, which becomes `java`.
  private static List<String> threeStarts(Path task) {
    String bootstrap = "exec " + task.resolve("bootstrap");
    String java = "exec " + task.resolve("jre/bin/java");
    return List.of(bootstrap, java, bootstrap, java, bootstrap, java);
  }

  private static String address(String url) {
    return url.replaceAll(".*//", "").replaceAll("/.*", "");
  }
}

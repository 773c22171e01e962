package dev.pilotlight.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.runtime.Echo;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.local.support.Option;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

class LocalBatchIT {
  private static final String TEMPLATE =
      """
      Resources:
        In:
          Type: AWS::S3::Bucket
          Properties:
            NotificationConfiguration:
              LambdaConfigurations:
                - Event: s3:ObjectCreated:*
                  Function: !Ref BatchFunction
                  Filter: {S3Key: {Rules: [{Name: suffix, Value: .txt}]}}
                - Event: s3:ObjectCreated:*
                  Function: !Ref BatchFunction
                  Filter: {S3Key: {Rules: [{Name: suffix, Value: .continue}]}}
        Out: {Type: AWS::S3::Bucket}
        ApiFunction:
          Type: AWS::Serverless::Function
          Properties:
            Handler: dev.pilotlight.local.runtime.EchoHandler
            MemorySize: 256
            Timeout: 30
            Events: {Any: {Type: HttpApi}}
        BatchFunction:
          Type: AWS::Serverless::Function
          Properties:
            Handler: dev.pilotlight.local.runtime.CopyHandler
            MemorySize: 256
            Timeout: 30
      """;

  @TempDir private Path directory;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @Test
  void exitStatusIsZeroAndTheAnswersAreNextToTheFileWhenAllLinesSucceed() throws Exception {
    int status = run("one two.txt", "later\ntwo\nthree\n");
    assertThat(status).as("%s", shown()).isZero();
    assertThat(directory.resolve("one two.txt.out.jsonl")).hasContent("later\ntwo\nthree\n");
    assertThat(directory.resolve("one two.txt.summary.json")).hasContent("{}");
    assertThat(directory.resolve("one two.txt.errors.jsonl")).doesNotExist();
    assertThat(shown())
        .contains(
            "one two.txt: 3 lines, 3 answered, 0 refused; 1 texts were known, 2 were run; 3 s")
        .contains("answers  " + directory.resolve("one two.txt.out.jsonl"))
        .noneMatch(line -> line.startsWith("errors"));
  }

  @Test
  void exitStatusIsZeroAndErrorsAreInAnotherFileWhenLinesFail() throws Exception {
    int status = run("some.txt", "one\nbad\n");
    assertThat(status).as("%s", shown()).isZero();
    assertThat(directory.resolve("some.txt.errors.jsonl")).hasContent("bad\n");
    assertThat(shown()).contains("errors   " + directory.resolve("some.txt.errors.jsonl"));
  }

  @Test
  void exitStatusIsOneWithTheReasonWhenTheBatchFails() throws Exception {
    assertThat(run("fails.txt", "throw\n")).isEqualTo(1);
    assertThat(shown())
        .anyMatch(line -> line.startsWith("BatchFunction gave an event up after 3 attempts: "))
        .contains("fails.txt was not answered: java.lang.IllegalStateException: on purpose");
    assertThat(directory.resolve("fails.txt.out.jsonl")).doesNotExist();
  }

  @Test
  @OnlyInFaults
  void exitStatusIsOneWhenTheFunctionEndsWithoutAnAnswer() throws Exception {
    assertThat(run("idle.txt", "nothing\n")).isEqualTo(1);
    assertThat(shown())
        .last()
        .isEqualTo(
            "idle.txt was not answered:"
                + " its function ended without an answer, and without an error");
  }

  @Test
  void templateWithoutBatchesIsRefusedBeforeAnythingStarts() throws IOException {
    Properties given = given("a.txt", "");
    Files.writeString(directory.resolve("template.yaml"), TEMPLATE.replace("Out:", "Output:"));
    assertThatThrownBy(() -> LocalBatch.from(given, screen()))
        .hasMessage("the template has no buckets In and Out for batches");
    Files.writeString(directory.resolve("template.yaml"), TEMPLATE.replace("LambdaConf", "Conf"));
    assertThatThrownBy(() -> LocalBatch.from(given, screen()))
        .hasMessage("no function of the template gets the events of In");
  }

  @Test
  void objectInTheBucketStartsItsFunction() throws Exception {
    Options options = options(given("a.txt", "")).withLogs(Options.Logs.ALL);
    try (LocalStack stack = LocalStack.start(options);
        var s3 = stack.s3().client()) {
      assertThat(stack.environments("BatchFunction")).isZero();
      s3.putObject(to -> to.bucket("pilotlight-in").key("x.other"), RequestBody.fromString("x"));
      s3.putObject(
          to -> to.bucket("pilotlight-in").key("ä b+.txt"), RequestBody.fromString("bad\n"));
      assertThat(stack.awaitIdle(Duration.ofSeconds(60))).isTrue();
      assertThat(
              s3.getObjectAsBytes(of -> of.bucket("pilotlight-out").key("ä b+.txt.out.jsonl"))
                  .asUtf8String())
          .isEqualTo("bad\n");
      assertThat(stack.environments("BatchFunction")).isOne();
      // the runner reads a process's output asynchronously
      String key = "\"key\":\"%C3%A4+b%2B.txt\"";
      Await.until(() -> stack.logs().stream().anyMatch(line -> line.contains(key)));
      assertThat(stack.logs()).noneMatch(line -> line.contains("x.other"));
      assertThat(Local.welcome(stack, options, Optional.of("a-model"), 1.5))
          .contains("aws s3 cp reviews.jsonl s3://pilotlight-in/ --endpoint-url http://127.0.0.1:");
      assertThat(stack.kill("BatchFunction")).isOne();
      assertThat(stack.environments()).isOne();
      assertThatThrownBy(() -> stack.kill("Nobody"))
          .hasMessage("there is no function Nobody; here are [ApiFunction, BatchFunction]");
    }
  }

  /// Once more if another test took a port between its choice and its use.
  private int run(String name, String text) throws Exception {
    int status = runOnce(name, text);
    boolean taken = status != 0 && shown().stream().anyMatch(line -> line.contains("taken"));
    return taken ? runOnce(name, text) : status;
  }

  private int runOnce(String name, String text) throws Exception {
    Properties given = given(name, text);
    BatchFiles files = BatchFiles.of(Option.BATCH.in(given), "");
    Parts parts = new Parts();
    try {
      return new LocalBatch(files, options(given), screen()).run(parts);
    } finally {
      parts.close();
    }
  }

  private static Options options(Properties given) {
    return Options.onFreePortsUnlessIn(given)
        .withClassPath(Echo.classPath())
        .withRetryPause(Duration.ofMillis(10));
  }

  private Properties given(String name, String text) throws IOException {
    Path template = Files.writeString(directory.resolve("template.yaml"), TEMPLATE);
    Properties given = new Properties();
    given.setProperty(Option.TEMPLATE.optionName(), template.toString());
    given.setProperty(
        Option.BATCH.optionName(), Files.writeString(directory.resolve(name), text).toString());
    return given;
  }

  private Screen screen() {
    return new Screen(new PrintStream(said, true, UTF_8), false, Duration.ZERO);
  }

  private List<String> shown() {
    return said.toString(UTF_8).lines().toList();
  }
}

package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.e2e.Client;
import dev.pilotlight.e2e.Floats;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.runtime.AsyncFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The batch function of a stack, seen from its two buckets.
final class Inbox implements AutoCloseable {
  static final String IN = "pilotlight-in";
  static final String OUT = "pilotlight-out";
  private static final String INVOKE = "/2015-03-31/functions/BatchFunction/invocations";
  private static final Duration IDLE = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalStack stack;
  private final S3Client s3;
  private final Client api;
  private final Client lambda;
  private int failuresSeen;

  Inbox() {
    this(Options.onFreePorts());
  }

  /// One in which objects start nothing by themselves, so that a test sends their events.
  ///
  /// @param directory for its template
  static Inbox withoutTrigger(Path directory) {
    try {
      String template = Files.readString(Path.of("template.yaml"));
      String quiet =
          template.replaceFirst("(  InPrefix:\\n    Type: String\\n    Default: )\"\"", "$1other/");
      assertThat(quiet).isNotEqualTo(template);
      Path changed = Files.writeString(directory.resolve("template.yaml"), quiet);
      return new Inbox(Options.onFreePorts().withTemplate(changed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Inbox(Options options) {
    // what fails is tried again at once: its time is not what is tested
    stack = LocalStack.start(options.withRetryPause(Duration.ofMillis(1)));
    s3 = stack.s3().client();
    api = new Client(stack.gatewayUrl());
    lambda = new Client(stack.invokeUrl());
  }

  S3Client s3() {
    return s3;
  }

  Client api() {
    return api;
  }

  /// Puts an object, whose event starts the function.
  ///
  /// @return the version's id
  String put(String key, byte[] content, Map<String, String> metadata) {
    return s3.putObject(
            to -> to.bucket(IN).key(key).metadata(metadata), RequestBody.fromBytes(content))
        .versionId();
  }

  String put(String key, String content) {
    return put(key, content.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /// Puts an object and gives its eTag, for an event of a bucket that keeps no versions.
  String putForETag(String key, String content) {
    put(key, content);
    return eTag(key);
  }

  /// The current object's eTag, without quotes.
  String eTag(String key) {
    return s3.headObject(of -> of.bucket(IN).key(key)).eTag().replace("\"", "");
  }

  /// Sends an event and waits for the function's answer.
  Client.Reply invoke(String event) {
    return lambda.post(INVOKE, event.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends an event that nobody waits for.
  void send(String event) {
    Client.Reply reply =
        lambda.post(
            INVOKE, event.getBytes(StandardCharsets.UTF_8), "X-Amz-Invocation-Type", "Event");
    assertThat(reply.status()).isEqualTo(202);
  }

  /// Waits until all that was put is answered or given up.
  ///
  /// @return the reasons of what was given up since the last call
  List<String> settle() throws InterruptedException {
    assertThat(stack.awaitIdle(IDLE)).as("idle in time").isTrue();
    List<AsyncFailure> all = stack.failures();
    List<String> reasons =
        all.subList(failuresSeen, all.size()).stream().map(AsyncFailure::reason).toList();
    failuresSeen = all.size();
    return reasons;
  }

  /// The current objects.
  Set<String> keys(String bucket) {
    Set<String> keys = new TreeSet<>();
    s3.listObjectsV2Paginator(of -> of.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .forEach(keys::add);
    return keys;
  }

  byte[] output(String key) {
    return s3.getObjectAsBytes(of -> of.bucket(OUT).key(key)).asByteArray();
  }

  JsonNode json(String key) {
    return parsed(new String(output(key), StandardCharsets.UTF_8));
  }

  /// The lines of an object in the output bucket, each of which ends with a newline.
  List<String> lines(String key) {
    String all = new String(output(key), StandardCharsets.UTF_8);
    assertThat(all.isEmpty() || all.endsWith("\n")).as("ends with a newline").isTrue();
    return all.lines().toList();
  }

  static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  /// Asserts that there are only inputs and outputs.
  void assertTidy() {
    for (String bucket : List.of(IN, OUT)) {
      assertThat(keys(bucket)).as(bucket).noneMatch(key -> key.startsWith(".pilotlight/"));
      assertThat(s3.listMultipartUploads(of -> of.bucket(bucket)).uploads()).as(bucket).isEmpty();
    }
  }

  /// The API's answer.
  List<Float> embedding(String text) {
    return Floats.of(api.embeddings(List.of(text)).vectors());
  }

  /// Empties both buckets.
  void clear() {
    for (String bucket : List.of(IN, OUT)) {
      List<String> keys = new ArrayList<>(keys(bucket));
      keys.forEach(key -> s3.deleteObject(of -> of.bucket(bucket).key(key)));
    }
  }

  @Override
  public void close() {
    s3.close();
    stack.close();
  }
}

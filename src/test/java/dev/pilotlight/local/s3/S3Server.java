package dev.pilotlight.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// One S3 server for the tests of a class, and a new bucket for each.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
abstract class S3Server {
  private final BlockingQueue<S3Local.Created> events = new LinkedBlockingQueue<>();
  private int buckets;
  S3Local server;
  S3Client s3;
  String bucket;

  @BeforeAll
  void start() {
    server = S3Local.start(0);
    server.onCreated(events::add);
    s3 = server.client();
  }

  @AfterAll
  void stop() {
    s3.close();
    server.close();
  }

  @BeforeEach
  void makeBucket() {
    bucket = "bucket-" + buckets++;
    s3.createBucket(to -> to.bucket(bucket));
    events.clear();
  }

  PutObjectResponse put(String key, String content) {
    return s3.putObject(to -> to.bucket(bucket).key(key), RequestBody.fromString(content));
  }

  String get(String key) {
    return s3.getObjectAsBytes(from -> from.bucket(bucket).key(key))
        .asString(StandardCharsets.UTF_8);
  }

  List<String> keys() {
    return s3.listObjectsV2Paginator(from -> from.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  S3Local.Created nextEvent() throws InterruptedException {
    S3Local.Created event = events.poll(10, TimeUnit.SECONDS);
    assertThat(event).as("an event").isNotNull();
    return event;
  }

  static void assertRefused(int status, String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(status);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            });
  }
}

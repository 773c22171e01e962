package dev.pilotlight.batch.s3;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A real S3 server with a bucket for output, asked by the function's own client through a proxy
/// that may spoil the calls.
@ResourceLock("OutputBucket") // its subclasses share what is static here
public abstract class OutputBucket {
  public static final String NAME = "out";
  public static final int PART = 5 * 1024 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @SuppressWarnings("NullAway.Init")
  private static S3Local server;

  @SuppressWarnings("NullAway.Init")
  public static S3Client s3;

  @SuppressWarnings("NullAway.Init")
  public Between between;

  @SuppressWarnings("NullAway.Init")
  private BucketClient bucket;

  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = S3Local.start(0, NAME);
    s3 = server.client();
  }

  @AfterAll
  static void stop() {
    s3.close();
    server.close();
  }

  @BeforeEach
  void listen() throws IOException {
    between = new Between(server.endpoint());
    open.add(between);
    bucket = bucket(between.endpoint(), NAME, PATIENCE);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  public BucketClient bucket() {
    return bucket;
  }

  public BucketClient bucket(URI endpoint, String name, Duration patience) {
    Clients clients = EmulatedClients.s3(endpoint);
    open.add(clients);
    return new BucketClient(clients.s3(), name, new Retries(patience, Deadline.in(PATIENCE)));
  }

  public static byte[] noise(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  public static byte[] read(String key) {
    return s3.getObjectAsBytes(get -> get.bucket(NAME).key(key)).asByteArray();
  }

  public static List<String> keys(String prefix) {
    return s3.listObjectsV2(list -> list.bucket(NAME).prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  /// The ids of all uploads in progress for a key.
  public static List<String> uploads(String key) {
    return s3.listMultipartUploads(list -> list.bucket(NAME)).uploads().stream()
        .filter(upload -> key.equals(upload.key()))
        .map(MultipartUpload::uploadId)
        .toList();
  }
}

package dev.pilotlight.batch.s3;

import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// A bucket with objects, and whatever is between it and who reads them.
@ResourceLock("InputBucket") // its subclasses share what is static here
public abstract class InputBucket {
  public static final String BUCKET = "inbox";
  protected static final byte[] CONTENT = new byte[2 * InputObject.RANGE_BYTES + 12_345];

  @SuppressWarnings("NullAway.Init")
  static S3Local server;

  @SuppressWarnings("NullAway.Init")
  static Clients directClients;

  @SuppressWarnings("NullAway.Init")
  public static S3Client direct;

  @SuppressWarnings("NullAway.Init")
  public Between between;

  @SuppressWarnings("NullAway.Init")
  Clients clients;

  @BeforeAll
  static void start() {
    server = S3Local.start(0, BUCKET);
    directClients = clients(server.endpoint());
    direct = directClients.s3();
    new Random(1).nextBytes(CONTENT);
    put("large.txt", CONTENT);
    put("small.txt", "small".getBytes(StandardCharsets.UTF_8));
  }

  @AfterAll
  static void stop() {
    directClients.close();
    server.close();
  }

  @BeforeEach
  void listen() throws IOException {
    between = new Between(server.endpoint());
    clients = clients(between.endpoint());
  }

  @AfterEach
  void close() {
    clients.close();
    between.close();
  }

  static Clients clients(URI endpoint) {
    return EmulatedClients.s3(endpoint);
  }

  public static void put(String key, byte[] content) {
    direct.putObject(
        to -> to.bucket(BUCKET).key(key).metadata(Map.of("Text-Column", "review")),
        RequestBody.fromBytes(content));
  }

  public InputObject open(String key, String versionId, String eTag, Duration patience) {
    return InputObject.open(
        clients.s3(),
        new ObjectVersion(BUCKET, key, versionId, eTag, -1, "0A"),
        new Retries(patience, Deadline.in(Duration.ofMinutes(1))));
  }

  public InputObject open(String key) {
    return open(key, "", "", Duration.ofSeconds(30));
  }
}

package dev.pilotlight.local.s3;

import dev.pilotlight.local.awssdk.ObjectStore;
import dev.pilotlight.local.support.DataDirectory;
import dev.pilotlight.local.support.Ports;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Server;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/// An S3 server on 127.0.0.1. It accepts any credentials; buckets are addressed by path. Its
/// objects outlive it only in a directory that the caller gives. Thread-safe.
public final class S3Local implements AutoCloseable {
  /// The names that the protocol accepts; for other names it answers 404.
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  private final Server server;
  private final ObjectStore store;
  private final CreatedEvents events;
  private final Optional<Path> temporary;

  private S3Local(
      Server server, ObjectStore store, CreatedEvents events, Optional<Path> temporary) {
    this.server = server;
    this.store = store;
    this.events = events;
    this.temporary = temporary;
  }

  /// A new object, with the fields of S3's event notifications.
  ///
  /// @param eventName `ObjectCreated:Put`, `ObjectCreated:Copy` or
  ///   `ObjectCreated:CompleteMultipartUpload`; a form's POST is a `Put` here
  /// @param key not URL-encoded
  /// @param versionId empty unless the bucket keeps versions
  /// @param eTag without quotes
  /// @param size in bytes
  /// @param sequencer 18 hexadecimal digits in upper case, greater with every event of the server
  public record Created(
      String eventName,
      String bucket,
      String key,
      String versionId,
      String eTag,
      long size,
      String sequencer) {}

  /// Starts a server with empty buckets.
  ///
  /// @param port 0 for a free one
  /// @throws IllegalArgumentException in one clear line if S3 does not accept a bucket's name
  /// @throws IllegalStateException in one clear line if the port is taken
  public static S3Local start(int port, String... buckets) {
    return start(Optional.empty(), port, List.of(buckets));
  }

  /// Starts a server with buckets, and with the objects that an earlier one kept in the directory.
  ///
  /// @param directory if empty, nothing is kept
  public static S3Local start(Optional<Path> directory, int port, List<String> buckets) {
    buckets.forEach(S3Local::requireName);
    Ports.requireFree("S3", port);
    try {
      CreatedEvents events = new CreatedEvents();
      Optional<Path> temporary =
          directory.isPresent()
              ? Optional.empty()
              : Optional.of(Files.createTempDirectory("pilotlight-s3"));
      ObjectStore store =
          temporary.isPresent()
              ? ObjectStore.temporary(temporary.get(), events)
              : ObjectStore.kept(directory.orElseThrow(), events);
      for (String bucket : buckets) {
        store.requireBucket(bucket);
      }
      Server server = S3Protocol.start(port, store);
      return new S3Local(server, store, events, temporary);
    } catch (Exception e) {
      throw new IllegalStateException(
          "S3 did not start on port " + port + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return server.getURI().getPort();
  }

  public URI endpoint() {
    return endpoint(port());
  }

  /// Turns versioning on: every write to this bucket makes a version, and a delete leaves a marker.
  public void keepVersions(String bucket) {
    store.putBucketVersioning(bucket, BucketVersioningStatus.ENABLED);
  }

  /// Adds a consumer of new objects. It gets each one once it can be read, in order, on a thread
  /// that delays no request. Its exceptions are printed and have no other effect.
  public void onCreated(Consumer<Created> consumer) {
    events.addConsumer(consumer);
  }

  /// Returns when the consumers have got all objects that were created before.
  public void awaitDelivered() throws InterruptedException {
    events.await();
  }

  /// A client that reads and changes the buckets directly; the caller closes it.
  public S3Client client() {
    return client(endpoint());
  }

  public static S3Client client(URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  @Override
  public void close() {
    try {
      server.stop();
      events.close();
      store.close();
      if (temporary.isPresent()) {
        DataDirectory.delete(temporary.get());
      }
    } catch (Exception e) {
      throw new IllegalStateException("S3 did not stop", e);
    }
  }

  public static URI endpoint(int port) {
    return URI.create("http://" + Ports.HOST + ":" + port);
  }

  private static void requireName(String bucket) {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a bucket name; accepted: 3 to 63 of a-z, 0-9, . and -".formatted(bucket));
    }
  }
}

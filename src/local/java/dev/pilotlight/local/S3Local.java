package dev.pilotlight.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// An S3 server on 127.0.0.1 over a directory. It accepts any credentials; buckets are addressed by
/// path.
public final class S3Local implements AutoCloseable {
  private final S3Proxy proxy;
  private final int port;
  private final List<Path> temporary;

  private S3Local(S3Proxy proxy, int port, List<Path> temporary) {
    this.proxy = proxy;
    this.port = port;
    this.temporary = temporary;
  }

  /// Over a temporary directory that is deleted on close.
  ///
  /// @param port 0 for a free one
  /// @throws IllegalStateException in one clear line if the port is taken
  public static S3Local start(int port, String... buckets) {
    try {
      Path directory = Files.createTempDirectory("pilotlight-s3");
      return start(port, directory, List.of(directory), buckets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Over a given directory, which is kept.
  public static S3Local start(int port, Path directory, String... buckets) {
    return start(port, directory, List.of(), buckets);
  }

  private static S3Local start(int port, Path directory, List<Path> temporary, String... buckets) {
    Ports.requireFree("S3", port);
    try {
      for (String bucket : buckets) {
        Files.createDirectories(directory.resolve(bucket));
      }
      S3Proxy proxy =
          S3Proxy.builder()
              .blobStore(new FilesystemNio2BlobStore(directory.toString()))
              .endpoint(endpoint(port))
              // Lambda has a session token, which the SDK sends
              .ignoreUnknownHeaders(true)
              .build();
      proxy.start();
      return new S3Local(proxy, proxy.getPort(), temporary);
    } catch (Exception e) {
      throw new IllegalStateException(
          "S3 did not start on port " + port + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return port;
  }

  public URI endpoint() {
    return endpoint(port);
  }

  /// A client for whoever looks into the buckets; the caller closes it.
  public S3Client client() {
    return S3Client.builder()
        .endpointOverride(endpoint())
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
      proxy.stop();
      for (Path directory : temporary) {
        delete(directory);
      }
    } catch (Exception e) {
      throw new IllegalStateException("S3 did not stop", e);
    }
  }

  private static URI endpoint(int port) {
    return URI.create("http://" + Ports.HOST + ":" + port);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

package dev.pilotlight.cli.batches;

import dev.pilotlight.cli.aws.Asked;
import dev.pilotlight.cli.aws.AwsCalls.Reply;
import dev.pilotlight.cli.aws.Urls;
import dev.pilotlight.cli.aws.XmlRows;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.Bucket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.http.SdkHttpMethod;

/// Lists and reads the objects of a bucket, and copies objects onto themselves.
record BatchBucket(Bucket bucket) {
  private static final String METADATA = "x-amz-meta-";

  /// S3's limit for one copy.
  private static final long COPY_BYTES_MAX = 5L << 30;

  /// Timeout of a copy: S3 answers only after it has copied the bytes.
  private static final Duration COPY_TIME_MAX = Duration.ofMinutes(10);

  private static final long SECOND = 1_000;
  private static final long AWAIT_MAX = 5_000;

  /// The headers of an object that a copy with replaced metadata would lose.
  private static final List<String> KEPT =
      List.of(
          "content-type",
          "content-encoding",
          "content-language",
          "content-disposition",
          "cache-control",
          "expires",
          "x-amz-storage-class",
          "x-amz-server-side-encryption",
          "x-amz-server-side-encryption-aws-kms-key-id",
          "x-amz-server-side-encryption-bucket-key-enabled",
          "x-amz-website-redirect-location");

  /// A small object.
  ///
  /// @param modified a whole second
  record Body(String text, Instant modified) {}

  /// Lists the objects whose keys begin with a text, in the order of their keys; each call reads up
  /// to 1,000.
  void list(String prefix, Consumer<BatchObject> each) throws Refused {
    String next = "";
    do {
      String query =
          "?encoding-type=url&list-type=2&max-keys=1000&prefix=" + Urls.encode(prefix) + next;
      Reply reply =
          bucket.requireAnswer(
              bucket.reply(SdkHttpMethod.GET, "/" + bucket.name() + query, Map.of()));
      XmlRows page = parse(reply.body());
      for (Map<String, String> row : page.rows("Contents")) {
        each.accept(toObject(row));
      }
      String token =
          page.rows("ListBucketResult").getFirst().getOrDefault("NextContinuationToken", "");
      next = token.isEmpty() ? "" : "&continuation-token=" + Urls.encode(token);
    } while (!next.isEmpty());
  }

  private BatchObject toObject(Map<String, String> row) throws IllegalArgumentException {
    return new BatchObject(
        bucket.name(),
        URLDecoder.decode(row.getOrDefault("Key", ""), StandardCharsets.UTF_8),
        Long.parseLong(row.getOrDefault("Size", "0")),
        row.getOrDefault("ETag", "").replace("\"", ""),
        seconds(Instant.parse(row.getOrDefault("LastModified", ""))));
  }

  /// Finds an object by its headers.
  Optional<BatchObject> find(String key) throws Refused {
    return head(key)
        .map(
            headers ->
                new BatchObject(
                    bucket.name(),
                    key,
                    Long.parseLong(headers.getOrDefault("content-length", "0")),
                    headers.getOrDefault("etag", "").replace("\"", ""),
                    modified(headers)));
  }

  private Optional<Map<String, String>> head(String key) throws Refused {
    return ifFound(SdkHttpMethod.HEAD, key).map(Reply::headers);
  }

  /// Reads a small object, if it exists.
  Optional<Body> read(String key) throws Refused {
    return ifFound(SdkHttpMethod.GET, key)
        .map(reply -> new Body(reply.body(), modified(reply.headers())));
  }

  /// A prepared copy of an object onto itself that keeps its metadata.
  ///
  /// @param now S3's time, in whole seconds
  record Copy(String key, Map<String, String> headers, Instant now) {

    /// Waits until S3's clock is in a later second than `time`.
    ///
    /// @throws Refused if that takes more than five seconds
    void awaitAfter(Instant time) throws Refused, InterruptedException {
      if (now.isAfter(time)) {
        return;
      }
      long millis = SECOND + now.until(time, ChronoUnit.MILLIS);
      if (millis > AWAIT_MAX) {
        throw new Refused("S3's clock is at %s, before %s; retry later".formatted(now, time));
      }
      Thread.sleep(millis);
    }
  }

  /// Checks that S3 can copy the object.
  ///
  /// @throws Refused if not; the message names what to do
  Copy prepareCopy(BatchObject object) throws Refused {
    if (object.bytes() > COPY_BYTES_MAX) {
      throw new Refused(
          "%s has %d bytes, and S3 copies up to %d in one call; put it again"
              .formatted(object.key(), object.bytes(), COPY_BYTES_MAX));
    }
    Map<String, String> found =
        head(object.key()).orElseThrow(() -> new Refused(notFoundMessage(object.key())));
    if (found.containsKey("x-amz-missing-meta")) {
      throw new Refused(
          object.key() + " has metadata that HTTP's headers cannot carry; put it again");
    }
    Map<String, String> headers = new HashMap<>();
    found.forEach(
        (name, value) -> {
          if (KEPT.contains(name) || name.startsWith(METADATA)) {
            headers.put(name, value);
          }
        });
    headers.put("x-amz-copy-source", bucket.path(object.key()));
    headers.put("x-amz-copy-source-if-match", '"' + object.eTag() + '"');
    headers.put("x-amz-metadata-directive", "REPLACE");
    return new Copy(object.key(), headers, time(found, "date", seconds(Instant.now())));
  }

  /// Copies the object onto itself, so that S3 sends an event about it.
  void write(Copy copy) throws Refused {
    String path = bucket.path(copy.key());
    Reply reply =
        bucket.requireAnswer(bucket.reply(SdkHttpMethod.PUT, path, copy.headers(), COPY_TIME_MAX));
    // S3 may begin to answer before the copy fails
    List<Map<String, String>> errors = parse(reply.body()).rows("Error");
    if (!errors.isEmpty()) {
      Map<String, String> error = errors.getFirst();
      throw new Refused("s3: %s: %s".formatted(error.get("Code"), error.get("Message")));
    }
  }

  String notFoundMessage(String key) {
    return "there is no object %s in the bucket %s".formatted(key, bucket.name());
  }

  /// The answer about an object, if it is there.
  private Optional<Reply> ifFound(SdkHttpMethod method, String key) throws Refused {
    Asked<Reply> asked = bucket.reply(method, bucket.path(key), Map.of());
    if (asked instanceof Asked.Unknown<Reply>(String reason)
        && (reason.startsWith("status 404") || reason.startsWith("NoSuchKey"))) {
      return Optional.empty();
    }
    return Optional.of(bucket.requireAnswer(asked));
  }

  private XmlRows parse(String xml) throws Refused {
    return bucket.requireAnswer(XmlRows.of(xml));
  }

  private static Instant modified(Map<String, String> headers) {
    return time(headers, "last-modified", Instant.EPOCH);
  }

  private static Instant time(Map<String, String> headers, String name, Instant orElse) {
    try {
      String text = headers.getOrDefault(name, "");
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return orElse;
    }
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }
}

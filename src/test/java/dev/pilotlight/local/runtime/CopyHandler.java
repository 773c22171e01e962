package dev.pilotlight.local.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/// A batch function that answers each line with itself and logs it. It obeys the words `throw`,
/// `halt`, `nothing`, `later` (it hands over once) and, in a line, `bad`.
public final class CopyHandler implements RequestStreamHandler {
  private static final String OUTPUT = "pilotlight-out";
  private static final Pattern OBJECT =
      Pattern.compile("\"bucket\":\\{\"name\":\"([^\"]+)\".*\"object\":\\{\"key\":\"([^\"]+)\"");

  private final S3Client s3 =
      S3Client.builder()
          .endpointOverride(
              URI.create(Objects.requireNonNull(System.getenv("AWS_ENDPOINT_URL_S3"))))
          .forcePathStyle(true)
          .httpClient(UrlConnectionHttpClient.create())
          .build();

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
    System.out.println("event " + event);
    Matcher object = OBJECT.matcher(event);
    if (!object.find()) {
      throw new IllegalArgumentException("no event of S3");
    }
    String key = URLDecoder.decode(object.group(2), StandardCharsets.UTF_8);
    answer(
        object.group(1), key.replaceFirst("^\\.pilotlight/continue/(.*)\\.continue$", "$1"), key);
  }

  private void answer(String bucket, String key, String from) {
    String text = s3.getObjectAsBytes(of -> of.bucket(bucket).key(key)).asUtf8String();
    switch (text.lines().findFirst().orElse("")) {
      case "throw" -> throw new IllegalStateException("on purpose");
      case "halt" -> Runtime.getRuntime().halt(1);
      case "nothing" -> System.out.println("nothing is done");
      case "later" -> {
        if (from.equals(key)) {
          put(bucket, ".pilotlight/continue/" + key + ".continue", "{}");
        } else {
          copy(bucket, key, text);
        }
      }
      default -> copy(bucket, key, text);
    }
  }

  private void copy(String bucket, String key, String text) {
    long bad = text.lines().filter(line -> line.contains("bad")).count();
    System.out.printf(
        "{\"level\":\"INFO\",\"message\":\"batch done\",\"batch\":\"s3://%s/%s\",\"lines\":%d,"
            + "\"failed\":%d,\"hits\":1,\"runs\":2,\"millis\":3000}%n",
        bucket, key, text.lines().count(), bad);
    if (bad > 0) {
      put(OUTPUT, key + ".errors.jsonl", "bad\n".repeat((int) bad));
    }
    put(OUTPUT, key + ".out.jsonl", text);
    put(OUTPUT, key + ".summary.json", "{}");
  }

  private void put(String bucket, String key, String text) {
    s3.putObject(to -> to.bucket(bucket).key(key), RequestBody.fromString(text));
  }
}

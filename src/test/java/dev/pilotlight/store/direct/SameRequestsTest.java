package dev.pilotlight.store.direct;

import static dev.pilotlight.store.direct.ScriptedDynamo.reply;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.DynamoCalls;
import dev.pilotlight.store.Pointer;
import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.store.TableItem;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.direct.ScriptedDynamo.Received;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/// Direct requests say the same as the SDK's, and the SDK's own signer signs them the same.
@Timeout(120)
class SameRequestsTest {
  private static final Duration ATTEMPT = Duration.ofSeconds(20);
  private static final Deadline LATER = Deadline.in(Duration.ofMinutes(10));
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Headers that name the client and its attempts, and what HttpURLConnection adds.
  private static final Set<String> SDKS_OWN =
      Set.of("amz-sdk-invocation-id", "amz-sdk-request", "accept", "connection");

  private static final Set<String> OF_EACH =
      Set.of("authorization", "x-amz-date", "x-amz-content-sha256", "user-agent", "content-length");

  private static final Set<String> BY_THE_SIGNER =
      Set.of("x-amz-content-sha256", "x-amz-date", "x-amz-security-token");

  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @ParameterizedTest
  @EnumSource
  void requestsSayTheSame(Operation operation) throws Exception {
    Received sdk = sent(Client.SDK, operation);
    Received direct = sent(Client.DIRECT, operation);
    assertThat(direct.method()).isEqualTo(sdk.method());
    assertThat(direct.path()).isEqualTo(sdk.path());
    assertThat(JSON.readTree(direct.body())).isEqualTo(JSON.readTree(sdk.body()));

    Map<String, String> expected = new HashMap<>(sdk.headers());
    Map<String, String> actual = new HashMap<>(direct.headers());
    assertThat(actual.keySet()).containsAll(OF_EACH);
    expected.keySet().removeAll(SDKS_OWN);
    expected.keySet().removeAll(OF_EACH);
    actual.keySet().removeAll(OF_EACH);
    // each test has its own server
    assertThat(expected.remove("host")).startsWith("127.0.0.1:");
    assertThat(actual.remove("host")).startsWith("127.0.0.1:");
    assertThat(actual).isEqualTo(expected);
    assertThat(actual).containsKeys("content-type", "x-amz-target", "x-amz-security-token");

    assertThat(signature(direct)).isEqualTo(direct.headers().get("authorization"));
    assertThat(signature(sdk)).isEqualTo(sdk.headers().get("authorization"));
  }

  @Test
  void itemsAreWrittenAndReadTheSame() throws Exception {
    Random random = new Random(20_261_129);
    List<TableItem> items = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      items.add(item(i, random));
    }
    Map<Client, List<String>> read = new HashMap<>();
    Map<Client, List<JsonNode>> written = new HashMap<>();
    for (Client client : Client.values()) {
      List<JsonNode> bodies = new ArrayList<>();
      List<String> found = new ArrayList<>();
      Map<String, String> kept = new HashMap<>();
      try (ScriptedDynamo server = new ScriptedDynamo(request -> kept(request, kept));
          Clients clients = Comparison.clients(client, server.endpoint(), ATTEMPT)) {
        DynamoCalls calls = clients.calls(Comparison.TABLE);
        for (TableItem item : items) {
          calls.put(item, LATER);
          bodies.add(JSON.readTree(server.received().getLast().body()));
          found.add(Operation.text(calls.get(item.key(), LATER).orElseThrow()));
        }
      }
      written.put(client, bodies);
      read.put(client, found);
    }
    assertThat(written.get(Client.DIRECT)).isEqualTo(written.get(Client.SDK));
    assertThat(read.get(Client.DIRECT)).isEqualTo(read.get(Client.SDK));
    assertThat(read.get(Client.DIRECT)).isEqualTo(items.stream().map(Operation::text).toList());
  }

  /// Keeps the items of PutItem and answers GetItem with them, in the JSON of the client.
  private static ScriptedDynamo.Reply kept(Received request, Map<String, String> items) {
    try {
      JsonNode body = JSON.readTree(request.body());
      if (request.operation().equals("PutItem")) {
        JsonNode item = body.required("Item");
        items.put(item.at("/pk/S").textValue(), item.toString());
        return reply(200, "{}");
      }
      return reply(200, "{\"Item\":" + items.get(body.at("/Key/pk/S").textValue()) + "}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TableItem item(int number, Random random) {
    byte[] value =
        new byte[number < 6 ? number : random.nextInt(number % 20 == 0 ? 300_000 : 3_000)];
    random.nextBytes(value);
    boolean large = random.nextInt(4) == 0;
    return new TableItem(
        new ResultKey("k%042d".formatted(number)),
        text(random),
        text(random),
        text(random),
        random.nextLong(),
        random.nextLong(),
        large ? null : value,
        large ? new Pointer(text(random), random.nextLong(), value) : null);
  }

  /// Characters of every length in UTF-8, and those that JSON escapes.
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(20);
    for (int i = 0; i < length; i++) {
      int limit = new int[] {0x20, 0x80, 0x800, 0xD800, 0x11_0000}[random.nextInt(5)];
      int point = random.nextInt(limit);
      text.appendCodePoint(point >= 0xD800 && point < 0xE000 ? '"' : point);
    }
    return text.append("\\/\u007f\u2028").toString();
  }

  private static Received sent(Client client, Operation operation) {
    return Comparison.make(
            client,
            operation,
            ATTEMPT,
            Duration.ofSeconds(60),
            _ -> reply(200, operation.success()))
        .requests()
        .getFirst();
  }

  /// Returns the `Authorization` that the SDK's signer gives the request as it was received.
  private static String signature(Received request) {
    String given = Objects.requireNonNull(request.headers().get("authorization"));
    int from = given.indexOf("SignedHeaders=") + "SignedHeaders=".length();
    Set<String> signed =
        new HashSet<>(List.of(given.substring(from, given.indexOf(',', from)).split(";", -1)));
    assertThat(signed).contains("host", "x-amz-date", "x-amz-target", "x-amz-security-token");
    SdkHttpRequest.Builder http =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create("http://" + request.headers().get("host") + request.path()));
    for (String name : signed) {
      if (!BY_THE_SIGNER.contains(name)) {
        http.putHeader(name, request.headers().get(name));
      }
    }
    Instant date = BASIC.parse(request.headers().get("x-amz-date"), Instant::from);
    SignedRequest result =
        AwsV4HttpSigner.create()
            .sign(
                sign ->
                    sign.identity(
                            AwsSessionCredentialsIdentity.create(
                                "AKIDEXAMPLE",
                                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                Comparison.TOKEN))
                        .request(http.build())
                        .payload(ContentStreamProvider.fromByteArray(request.body()))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "dynamodb")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(date, ZoneOffset.UTC)));
    return result.request().firstMatchingHeader("Authorization").orElseThrow();
  }
}

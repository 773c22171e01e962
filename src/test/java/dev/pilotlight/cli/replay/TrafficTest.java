package dev.pilotlight.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Traffic files: requests as JSON, and access logs.
final class TrafficTest {
  private static final Set<String> METHODS = Set.of("GET", "POST");
  private static final String GATEWAY =
      "{\"requestId\":\"x=\",\"ip\":\"203.0.113.9\",\"method\":\"POST\","
          + "\"path\":\"/v1/embeddings\",\"status\":\"200\"}";
  private static final String BALANCER =
      "https 2026-11-29T12:00:00.186641Z app/lb/50dc6c495c0c9188 192.168.131.39:2817"
          + " 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57"
          + " \"POST https://www.example.com:443/v1/embeddings?a=b HTTP/1.1\" \"curl/7.46.0\" x";
  private static final String NGINX =
      "203.0.113.9 - ann [29/Nov/2026:12:00:00 +0000] \"POST /v1/embeddings HTTP/1.1\" 200 57"
          + " \"-\" \"curl/8.5.0\"";

  @TempDir private Path folder;

  @Test
  void aLineHasMethodPathHeadersAndABody() throws IOException, Malformed {
    Traffic traffic =
        read(
            "\ufeff{\"method\":\"post\",\"path\":\"/a?b=c\","
                + "\"headers\":{\"X-A\":\"1\",\"Host\":\"h\","
                + "\"Authorization\":\"secret\"},\"body\":{\"input\": [1.50, \"ä\"]}}\n"
                + "\n"
                + "{\"path\":\"/b\",\"method\":\"GET\"}\n"
                + "{\"path\":\"/c\",\"method\":\"POST\",\"body\":\"{\\\"a\\\": 1}\"}\n"
                + "{\"path\":\"/d\",\"method\":\"POST\",\"body_base64\":\"AAEC\"}\n"
                + "{\"path\":\"/e\",\"method\":\"DELETE\"}");

    assertThat(traffic.format()).isEqualTo(TrafficFormat.REQUESTS);
    assertThat(traffic.requests()).extracting(RecordedRequest::line).containsExactly(1, 3, 4, 5);
    RecordedRequest first = traffic.requests().getFirst();
    assertThat(first.method()).isEqualTo("POST");
    assertThat(first.path()).isEqualTo("/a?b=c");
    assertThat(first.headers()).containsExactly(Map.entry("x-a", "1"));
    assertThat(first.body()).asString().isEqualTo("{\"input\":[1.50,\"ä\"]}");
    assertThat(traffic.requests().get(1).body()).isEmpty();
    assertThat(traffic.requests().get(2).body()).asString().isEqualTo("{\"a\": 1}");
    assertThat(traffic.requests().get(3).body()).containsExactly(0, 1, 2);
    assertThat(traffic.credentials()).isOne();
    assertThat(traffic.leftOut()).containsExactly(Map.entry("DELETE", 1));
  }

  @Test
  void credentialsOfServicesAreNotSent() throws IOException, Malformed {
    Traffic traffic =
        read(
            """
            {"method":"GET","path":"/a?code=K1&n=2&X-Amz-Signature=K2&%6bey=K3","headers":{\
            "ocp-apim-subscription-key":"K4","x-functions-key":"K5","x-goog-api-key":"K6",\
            "x-auth-token":"K7","x-amzn-oidc-data":"K8","Cookie":"K9","idempotency-key":"i",\
            "x-a":"1"}}
            {"method":"GET","path":"/b?sig=K1"}
            {"method":"GET","path":"/c?codec=a&n"}
            """);

    assertThat(traffic.requests())
        .extracting(RecordedRequest::path)
        .containsExactly("/a?n=2", "/b", "/c?codec=a&n");
    assertThat(traffic.requests().getFirst().headers()).containsOnlyKeys("idempotency-key", "x-a");
    assertThat(traffic.requests().getFirst().shownPath()).isEqualTo("/a?n=…");
    assertThat(traffic.requests().getLast().shownPath()).isEqualTo("/c?codec=…&n");
    assertThat(traffic.credentials()).isEqualTo(8);
  }

  @Test
  void accessLogsHaveMethodAndPathAndGetTheBodiesInTurn() throws IOException, Malformed {
    Map<String, TrafficFormat> logs =
        Map.of(
            GATEWAY, TrafficFormat.APIGATEWAY,
            BALANCER, TrafficFormat.ALB,
            NGINX, TrafficFormat.COMBINED);
    for (Map.Entry<String, TrafficFormat> log : logs.entrySet()) {
      Path file = write("log", (log.getKey() + "\n").repeat(3));
      Traffic traffic =
          Traffic.read(file, TrafficFormat.AUTO, List.of(bytes("1"), bytes("2")), METHODS, 1_000);

      assertThat(traffic.format()).isEqualTo(log.getValue());
      assertThat(traffic.requests())
          .extracting(RecordedRequest::method, RecordedRequest::path)
          .allMatch(tuple -> tuple.toString().startsWith("(\"POST\", \"/v1/embeddings"));
      assertThat(traffic.requests())
          .extracting(request -> new String(request.body(), StandardCharsets.UTF_8))
          .containsExactly("1", "2", "1");
    }
    assertThat(read(BALANCER.replace("POST", "GET")).requests().getFirst().path())
        .isEqualTo("/v1/embeddings?a=b");
  }

  @Test
  void unreadableLinesOfALogAreLeftOutAndCounted() throws IOException, Malformed {
    String get = NGINX.replace("POST", "GET");
    String scanner = get.replace("GET /v1/embeddings HTTP/1.1", "\\x16\\x03");
    String path = get.replace("/v1/embeddings", "/a|b");

    Traffic traffic = read(get + "\n" + scanner + "\n" + path + "\n" + get);

    assertThat(traffic.requests()).hasSize(2);
    assertThat(traffic.unreadable()).isEqualTo(2);
    assertThat(traffic.firstUnreadable()).isEqualTo(2);
    assertThatThrownBy(() -> read(get + "\n" + scanner + "\n" + path))
        .hasMessageContaining("t, line 2 has no request");
  }

  @Test
  void anAccessLogWithPostsAndWithoutABodyIsRefused() {
    assertThatThrownBy(() -> read(NGINX.replace("POST", "GET") + "\n" + NGINX))
        .isInstanceOf(Malformed.class)
        .hasMessageEndingWith(
            "t, line 2 is a POST, and an access log holds no bodies; accepted: --body FILE, or"
                + " --methods GET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"method":"GET"                                   | is not valid JSON
          {"method":"GET","path":"/"} x                     | is not valid JSON
          {"method":"GET","path":"/"} {}                    | has more after the object
          {"method":"GET","method":"GET","path":"/"}        | is not valid JSON
          {"method":"GET"}                                  | lacks "path"
          {"path":"/"}                                      | lacks "method"
          {"method":"G T","path":"/"}                       | has a method that HTTP does not have
          {"method":"GET","path":"v1"}                      | has a path that no URL may have
          {"method":"GET","path":"/a b"}                    | has a path that no URL may have
          {"method":"GET","path":"/a#b"}                    | has a path that no URL may have
          {"method":"GET","path":"@evil.example/"}          | has a path that no URL may have
          {"method":"GET","path":7}                         | has a "path" that is not a string
          {"method":"GET","path":"/","headers":[]}          | has headers that are not an object
          {"method":"GET","path":"/","headers":{"a":1}}     | has a header that HTTP does not allow
          {"method":"GET","path":"/","headers":{"a b":""}}  | has a header that HTTP does not allow
          {"method":"GET","path":"/","headers":{"a":"\\r\\nb: c"}} | has a header that HTTP
          {"method":"GET","path":"/","body":1}              | has a body that is neither
          {"method":"GET","path":"/","body_base64":"?"}     | has a body_base64 that is not base64
          {"method":"GET","path":"/","body":"","body_base64":""} | has both body and body_base64
          {"method":"GET","path":"/","url":"x"}             | has the unknown field "url"
          [1]                                               | is not a JSON object
          """)
  void aWrongLineIsNamed(String line, String reason) {
    String right = "{\"method\":\"GET\",\"path\":\"/\"}\n\n";

    assertThatThrownBy(() -> read(right + line))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("t, line 3 " + reason);
  }

  @Test
  void aFileWithoutARequestAndALineOfAnotherLogAreRefused() throws IOException {
    assertThatThrownBy(() -> read("\n")).hasMessageContaining("holds no request");
    assertThatThrownBy(() -> read("{\"method\":\"PUT\",\"path\":\"/\"}"))
        .hasMessageContaining("holds no request of the chosen methods");
    assertThatThrownBy(() -> read("nothing")).hasMessageContaining("t, line 1 has no request");
    assertThatThrownBy(() -> read(GATEWAY.replace("\"path\"", "\"route\"")))
        .hasMessageContaining("t, line 1 has none of the fields path, rawPath");
    Path latin = Files.write(folder.resolve("latin"), new byte[] {'"', (byte) 0xe4, '\n'});
    assertThatThrownBy(() -> Traffic.read(latin, TrafficFormat.AUTO, List.of(), METHODS, 1_000))
        .hasMessageContaining("line 1 is not UTF-8");
  }

  @Test
  void onlyAsManyRequestsAsNeededAreReadAndALineHasABound() throws IOException, Malformed {
    String right = "{\"method\":\"GET\",\"path\":\"/\"}\r\n";
    Path file = write("t", right + "\n" + right + "wrong\n");

    assertThat(Traffic.read(file, TrafficFormat.AUTO, List.of(), METHODS, 2).requests())
        .extracting(RecordedRequest::line)
        .containsExactly(1, 3);
    assertThatThrownBy(() -> Traffic.read(file, TrafficFormat.AUTO, List.of(), METHODS, 3))
        .hasMessageContaining("t, line 4 is not");
    assertThatThrownBy(() -> read(right + "x".repeat(16 * 1024 * 1024 + 1)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("t, line 2 has more than 16,777,216 characters");
  }

  @Test
  void headersComeFromAFileAndTheEnvironment() throws IOException, Malformed {
    GivenHeaders headers = new GivenHeaders();
    headers.addFile(write("h", "# keys\n\nX-Api-Key: secret one\nX-B:2\n"));
    headers.addVariable("authorization=TOKEN", name -> name.equals("TOKEN") ? "Bearer t" : null);

    assertThat(headers.names()).containsExactly("authorization", "x-api-key", "x-b");
    assertThat(headers.over(Map.of("x-b", "1", "x-c", "3")))
        .isEqualTo(
            Map.of("authorization", "Bearer t", "x-api-key", "secret one", "x-b", "2", "x-c", "3"));
    assertThatThrownBy(() -> headers.addFile(write("h", "a: b\nsecret")))
        .hasMessageContaining("h, line 2 is not a header")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> headers.addVariable("a=NONE", _ -> null))
        .hasMessage("the environment lacks the variable of the header a");
    assertThatThrownBy(() -> headers.addVariable("secret", _ -> null))
        .hasMessageContaining("is not NAME=VARIABLE")
        .hasMessageNotContaining("secret");
  }

  private Traffic read(String text) throws IOException, Malformed {
    return Traffic.read(write("t", text), TrafficFormat.AUTO, List.of(), METHODS, 1_000);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

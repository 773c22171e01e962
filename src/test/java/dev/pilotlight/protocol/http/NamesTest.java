package dev.pilotlight.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Compares the checks of names and ids, which are loops for speed, with regular expressions.
class NamesTest {
  private static final String PART = "[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}";
  private static final Pattern MODEL = Pattern.compile(PART + "(?:/" + PART + "){0,3}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:=/+@-]{1,128}");
  private static final String CHARACTERS = "aZ09/.-_:@+= ;é\n";

  @Test
  void modelsHaveOneToFourParts() {
    texts().forEach(NamesTest::checkModel);
  }

  private static void checkModel(String name) {
    if (MODEL.matcher(name).matches()) {
      assertThat(Names.model(name)).isEqualTo(name);
    } else {
      assertThatThrownBy(() -> Names.model(name)).as(name).isInstanceOf(Refusal.class);
    }
  }

  @Test
  void idsOfRequestsAreEchoedIfTheyAreSane() {
    texts()
        .forEach(
            id ->
                assertThat(ResponseHeaders.requestId(request(id)))
                    .isEqualTo(ID.matcher(id).matches() ? id : "own"));
  }

  private static HttpRequest request(String id) {
    Map<String, String> headers = Map.of("x-request-id", id);
    return new HttpRequest("GET", "/", Map.of(), headers, new byte[0], true, Map.of(), "own", null);
  }

  private static Stream<String> texts() {
    Random random = new Random(7);
    List<String> edges =
        List.of(
            "",
            "/",
            "a/b/c/d",
            "a/b/c/d/e",
            "a".repeat(128),
            "a".repeat(129),
            "b/" + "a".repeat(128),
            "b/" + "a".repeat(129),
            "a".repeat(128) + "/b",
            "a".repeat(129) + "/b",
            "sentence-transformers/all-MiniLM-L6-v2");
    return Stream.concat(
        edges.stream(),
        Stream.generate(
                () -> {
                  StringBuilder text = new StringBuilder();
                  for (int left = random.nextInt(7); left > 0; left--) {
                    text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
                  }
                  return text.toString();
                })
            .limit(20_000));
  }
}

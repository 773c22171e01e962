package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.suite.leaks.Planted;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Labels of tokens in DynamoDB: another environment makes every grouping of a stored result.
final class TokenResultsIT {
  private static final String TABLE = "pilotlight-results";
  private static final String TEXT = "unbelievably ramazzotti \uD83D\uDE00 caf\u00e9";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static TestModels models;

  @BeforeAll
  static void start() {
    dynamo = DynamoLocal.start(0);
    dynamo.createTable(TABLE, "pk", "expires_at");
    models = new TestModels(root).withTokenizer("ner", TextGraphs.tokenClassifier(5));
    models.with(
        "ner",
        "config.json",
        """
        {"architectures": ["BertForTokenClassification"],
         "id2label": {"0": "O", "1": "B-PER", "2": "I-PER", "3": "B-LOC", "4": "I-LOC"}}
        """);
  }

  @AfterAll
  static void stop() {
    dynamo.close();
  }

  @Test
  void everyGroupingOfAStoredResultHasTheBytesOfAFreshOne() {
    List<String> fresh;
    try (Harness alone = models.start("PILOTLIGHT_DEFAULT_MODEL", "ner")) {
      fresh = groupings(alone);
    }
    assertThat(fresh).doesNotHaveDuplicates();
    try (Harness first = onTable()) {
      assertThat(groupings(first)).isEqualTo(fresh);
    }
    try (Harness second = onTable()) {
      assertThat(ok(second.post("/", body("max"))).header("cache-status")).contains("dynamodb");
      assertThat(groupings(second)).isEqualTo(fresh);
    }
  }

  private static List<String> groupings(Harness function) {
    return Stream.of("none", "simple", "first", "average", "max")
        .map(strategy -> ok(function.post("/", body(strategy))).text())
        .toList();
  }

  private static String body(String strategy) {
    return """
        {"inputs":"%s","parameters":{"aggregation_strategy":"%s","ignore_labels":[]}}
        """
        .formatted(TEXT, strategy);
  }

  @Test
  void storedResultIsReadByItsId() {
    try (Harness function = onTable()) {
      InferClient client = new InferClient(function);
      Harness.Reply infer =
          ok(
              client.json(
                  "ner",
                  InferClient.input("text", Datatype.BYTES, "[1]", "[\"" + TEXT + "\"]"),
                  ""));
      String id = infer.json().at("/parameters/result_ids").asText();
      JsonNode result =
          ok(function.send(TestRequest.of("GET", "/v1/results/" + id).event())).json();

      assertThat(result.at("/outputs").findValuesAsText("name"))
          .containsExactly(
              "tokens",
              "label",
              "score",
              "offset_mapping",
              "special_tokens_mask",
              "subword",
              "token_ids",
              "logits");
      for (int i = 0; i < 7; i++) {
        assertThat(result.at("/outputs/" + i + "/data"))
            .isEqualTo(infer.json().at("/outputs/" + i + "/data"));
      }
    }
  }

  private static Harness onTable() {
    return models.start(
        "PILOTLIGHT_DEFAULT_MODEL", "ner",
        "PILOTLIGHT_STORE", "required",
        "AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString(),
        "AWS_REGION", "eu-west-1",
        "AWS_ACCESS_KEY_ID", "local",
        "AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
  }

  private static Harness.Reply ok(Harness.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply;
  }
}

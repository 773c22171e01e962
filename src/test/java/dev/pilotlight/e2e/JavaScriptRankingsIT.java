package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.model.TextGraphs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rankings by unmodified clients in JavaScript, of which only base URL, key and model are set; the
/// expected ones follow from the graph's formula.
@Timeout(300)
@EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
class JavaScriptRankingsIT {
  private static final String RANKER = "ranker";
  private static final String QUERY = "h";
  private static final List<String> DOCUMENTS = List.of("a", "b", "c", "d", "e");

  /// The tokens of `h` and of the first document; those of the others follow.
  private static final int QUERY_TOKEN = 1044;

  private static final int DOCUMENT_TOKEN = 1037;
  private static final int CLS = 101;
  private static final int SEP = 102;

  @TempDir private static Path models;

  @SuppressWarnings("NullAway.Init")
  private static LocalStack stack;

  @BeforeAll
  static void start() {
    new TestModels(models)
        .withSample()
        .withTokenizer(RANKER, TextGraphs.crossEncoder(1))
        .with(RANKER, "config.json", "{\"architectures\": [\"BertForSequenceClassification\"]}");
    stack = LocalStack.start(Options.onFreePorts().withModels(models));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cohere-v1",
        "cohere-v2",
        "llamaindex-cohere",
        "voyage",
        "mixedbread",
        "vercel-cohere",
        "vercel-together"
      })
  void rankingIsThatOfTheFormula(String client) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(client, RANKER, QUERY));
    arguments.addAll(DOCUMENTS);
    JsonNode answer = JavaScriptClientsIT.run(stack, "rankings.mjs", arguments);

    List<Integer> places = new ArrayList<>(List.of(0, 1, 2, 3, 4));
    places.sort(Comparator.comparingDouble(place -> -logit(place)));
    assertThat(answer.get("ranking").findValues("index"))
        .extracting(JsonNode::asInt)
        .isEqualTo(places);
    assertThat(answer.get("ranking").findValues("score"))
        .extracting(JsonNode::asDouble)
        .isEqualTo(places.stream().map(place -> Labels.sigmoid(logit(place))).toList());
    assertThat(answer.get("status").asInt()).as("for an unknown model").isEqualTo(404);
  }

  private static float logit(int document) {
    return TextGraphs.crossLogit(
        new int[] {CLS, QUERY_TOKEN, SEP}, new int[] {DOCUMENT_TOKEN + document, SEP});
  }
}

package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.images.ImageModels;
import dev.pilotlight.handler.images.Pictures;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.model.TextGraphs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// `@huggingface/inference` and Chroma's function for text-embeddings-inference, unmodified.
@Timeout(300)
@EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
class JavaScriptHuggingFaceIT {
  private static final String CLASSES = "classes";
  private static final String TAGGER = "tagger";
  private static final List<String> TEXTS =
      List.of("hello world", "na\u00efve Gr\u00fc\u00dfe \uD83D\uDE80");

  @TempDir private static Path models;

  @SuppressWarnings("NullAway.Init")
  private static LocalStack stack;

  @BeforeAll
  static void start() {
    ImageModels.withImages(
            new TestModels(models)
                .withSample()
                .with(TestModels.SAMPLE, ".complete", "")
                .withClassifier(CLASSES)
                .with(CLASSES, ".complete", ""))
        .with(ImageModels.COLOURS, ".complete", "")
        .withTokenizer(TAGGER, TextGraphs.tokenClassifier(3))
        .with(TAGGER, "config.json", "{\"architectures\": [\"BertForTokenClassification\"]}")
        .with(TAGGER, ".complete", "");
    // classes, because the package decodes images only if it was built for them
    stack = LocalStack.start(Options.onFreePorts().withClassPath("").withModels(models));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void answersAreThoseOfThePlainClient() throws Exception {
    List<String> arguments = new ArrayList<>(List.of(Client.MODEL, CLASSES, TAGGER));
    arguments.addAll(TEXTS);
    JsonNode answer = JavaScriptClientsIT.run(stack, "huggingface.mjs", arguments);

    List<List<Float>> expected =
        new Client(stack.gatewayUrl())
            .embeddings(TEXTS).vectors().stream().map(Floats::of).toList();
    assertThat(floats(answer.get("root"))).isEqualTo(expected.getFirst());
    assertThat(floats(answer.get("one"))).isEqualTo(expected.getFirst());
    for (String many : List.of("many", "server")) {
      assertThat(answer.get(many)).hasSize(2);
      for (int i = 0; i < 2; i++) {
        assertThat(floats(answer.get(many).get(i))).isEqualTo(expected.get(i));
      }
    }
    assertThat(answer.get("scores").get(0).asDouble()).isCloseTo(1, within(1e-6));
    assertThat(answer.get("scores").get(1).asDouble())
        .isCloseTo(product(expected.get(0), expected.get(1)), within(1e-6));
    assertThat(answer.get("labels").findValuesAsText("label"))
        .containsExactlyInAnyOrder("bad", "good", "so so");
    assertThat(answer.get("top").findValuesAsText("label"))
        .containsExactly(answer.at("/labels/0/label").asText());
    JsonNode entities = answer.get("entities");
    assertThat(entities.at("/0/start").asInt()).isZero();
    int last = entities.size() - 1;
    int points = TEXTS.get(1).codePointCount(0, TEXTS.get(1).length());
    assertThat(entities.get(last).get("end").asInt()).isEqualTo(points);
    assertThat(answer.get("status").asInt()).isEqualTo(404);
    assertThat(answer.get("error").asText()).contains("no-such-model");
  }

  @Test
  void anImageIsClassified() throws Exception {
    String image = Base64.getEncoder().encodeToString(Pictures.png(Pictures.RED));
    JsonNode answer =
        JavaScriptClientsIT.run(
            stack, "huggingface-images.mjs", List.of(ImageModels.COLOURS, image));

    assertThat(answer.get("blob").findValuesAsText("label"))
        .containsExactly("red", "grey", "none", "dark", "green");
    assertThat(answer.get("buffer")).isEqualTo(answer.get("blob"));
    assertThat(answer.get("status").asInt()).isEqualTo(415);
    assertThat(answer.get("error").asText()).contains("image/png");
  }

  private static List<Float> floats(JsonNode vector) {
    List<Float> floats = new ArrayList<>();
    vector.forEach(value -> floats.add(value.floatValue()));
    return floats;
  }

  private static double product(List<Float> a, List<Float> b) {
    double product = 0;
    for (int i = 0; i < a.size(); i++) {
      product += (double) a.get(i) * b.get(i);
    }
    return product;
  }
}

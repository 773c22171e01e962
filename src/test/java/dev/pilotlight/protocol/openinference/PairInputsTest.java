package dev.pilotlight.protocol.openinference;

import static dev.pilotlight.protocol.openinference.InferBodies.read;
import static dev.pilotlight.protocol.openinference.InferModels.classifier;
import static dev.pilotlight.protocol.openinference.InferModels.embedding;
import static dev.pilotlight.protocol.openinference.InferModels.spec;
import static dev.pilotlight.protocol.openinference.InferModels.withInput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests with a second list of texts, and the output that only a request by name gets.
final class PairInputsTest {
  private static final int ITEMS_MAX = 3;
  private static final String TEXT = texts("text", "[1]", "['a']");
  private static final String INTEGERS = "{'name':'%s','datatype':'INT64','shape':[1],'data':[1]}";

  @Test
  void twoInputsOfTextsAreAPairEach() {
    String first = texts("text", "[2]", "['a','b']");
    String second = texts("text_pair", "[2,1]", "[['c'],['d']]");
    for (String inputs : List.of(first + "," + second, second + "," + first)) {
      InferCall call =
          bind("{'parameters':{'truncate':true},'inputs':[" + inputs + "]}", classifier());

      assertThat(call.items())
          .containsExactly(new Item.Pair("a", "c", true), new Item.Pair("b", "d", true));
      assertThat(call.field(1))
          .isEqualTo(inputs.startsWith(first) ? "inputs[0].data[1]" : "inputs[1].data[1]");
    }
  }

  @Test
  void logitsAreAnOutputOnlyIfTheyAreNamed() {
    String wanted = "],'outputs':[{'name':'logits'},{'name':'label'}]}";

    assertThat(bind("{'inputs':[" + TEXT + wanted, classifier()).outputs())
        .containsExactly(new WantedOutput("logits", false), new WantedOutput("label", false));
    assertThat(bind("{'inputs':[" + TEXT + "]}", classifier()).outputs())
        .containsExactly(new WantedOutput("label", false), new WantedOutput("score", false));
    assertThat(classifier().outputs())
        .extracting(TensorSpec::name)
        .containsExactly("label", "score", "logits");
    assertThat(classifier().outputs().getLast().shape()).containsExactly(-1L, 2L);
  }

  static Stream<Arguments> wrongRequests() {
    ModelInfo plain = withInput(spec("x", Datatype.FP32, -1, 2));
    return Stream.of(
        wrong(pair("[1]", "['b']"), embedding(4), "inputs[1].name", "one text an item"),
        wrong(pair("[1]", "['b']"), plain, "inputs[0].name", "\"x\" (FP32 [-1, 2])"),
        wrong(pair("[2]", "['b','c']"), classifier(), "inputs[1].shape", "has 1 texts"),
        wrong(pair("[1]", "['']"), classifier(), "inputs[1].data[0]", "empty"),
        wrong(pair("[0]", "[]"), classifier(), "inputs[1].shape", "from 1 to 3"),
        wrong(pair("[1,2]", "['b','c']"), classifier(), "inputs[1].shape", "\"text_pair\" takes"),
        wrong(
            TEXT + "," + INTEGERS.formatted("text_pair"),
            classifier(),
            "inputs[1].datatype",
            "\"text_pair\" takes BYTES"),
        wrong(texts("text_pair", "[1]", "['b']"), classifier(), "inputs", "\"text\" is missing"),
        wrong(
            TEXT + "," + INTEGERS.formatted("input_ids"),
            classifier(),
            "inputs[1].name",
            "no other input next to it"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongRequests")
  void wrongPairIsRefusedByItsField(String inputs, ModelInfo model, String field, String message) {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> bind("{'inputs':[" + inputs + "]}", model));

    assertThat(refusal).as("a refusal").isNotNull();
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(refusal.field()).as(refusal.message()).hasValue(field);
    assertThat(refusal.message()).contains(message);
  }

  @Test
  void tooManyPairsAreTooLarge() {
    String first = texts("text", "[4]", "['a','b','c','d']");
    String second = texts("text_pair", "[4]", "['a','b','c','d']");

    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> bind("{'inputs':[" + second + "," + first + "]}", classifier()));

    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE);
    assertThat(refusal.message()).contains("inputs[1] holds 4 texts", "up to 3");
  }

  private static InferCall bind(String body, ModelInfo model) {
    return InferBinder.bind(read(body), model, ITEMS_MAX);
  }

  /// A text, and a list of second ones.
  private static String pair(String shape, String data) {
    return TEXT + "," + texts("text_pair", shape, data);
  }

  private static String texts(String name, String shape, String data) {
    return "{'name':'%s','datatype':'BYTES','shape':%s,'data':%s}".formatted(name, shape, data);
  }

  private static Arguments wrong(String inputs, ModelInfo model, String field, String message) {
    return Arguments.of(inputs, model, field, message);
  }
}

package dev.pilotlight.protocol.openinference;

import static dev.pilotlight.protocol.openinference.InferBodies.bytes;
import static dev.pilotlight.protocol.openinference.InferBodies.input;
import static dev.pilotlight.protocol.openinference.InferBodies.read;
import static dev.pilotlight.protocol.openinference.InferModels.classifier;
import static dev.pilotlight.protocol.openinference.InferModels.embedding;
import static dev.pilotlight.protocol.openinference.InferModels.spec;
import static dev.pilotlight.protocol.openinference.InferModels.withInput;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InferBinderTest {
  private static final int ITEMS_MAX = 3;
  private static final String IDS = int64("input_ids", "[1,2]", "[101,102]");
  private static final String MASK = int64("attention_mask", "[1,2]", "[1,1]");
  private static final String TYPES = int64("token_type_ids", "[1,2]", "[0,1]");

  @Test
  void eachTextIsAnItem() {
    InferCall call = bind(text("[3]", "['a','b\\u0000','ä']", ""), embedding(4));

    assertThat(call.items())
        .containsExactly(
            new Item.Text("a", false), new Item.Text("b\0", false), new Item.Text("ä", false));
    assertThat(call.outputs()).containsExactly(new WantedOutput("embedding", false));
  }

  @Test
  void textsMayBeAColumnAndMayBeCut() {
    InferCall call =
        bind(text("[2,1]", "[['a'],['b']]", ",'parameters':{'truncate':true}"), classifier());

    assertThat(call.items()).containsExactly(new Item.Text("a", true), new Item.Text("b", true));
    assertThat(call.outputs())
        .containsExactly(new WantedOutput("label", false), new WantedOutput("score", false));
  }

  @Test
  void theWantedOutputsKeepTheRequestsOrder() {
    String wanted =
        ",'id':'7','outputs':[{'name':'score'},{'name':'label','parameters':{'binary_data':true}}]";
    InferCall call = bind(text("[1]", "['a']", wanted), classifier());

    assertThat(call.id()).hasValue("7");
    assertThat(call.outputs())
        .containsExactly(new WantedOutput("score", false), new WantedOutput("label", true));
  }

  @Test
  void theGraphsOwnInputsAreOneItemInGraphOrder() {
    InferCall call = bind("{'inputs':[" + TYPES + "," + MASK + "," + IDS + "]}", embedding(4));

    Item.Tensors item = (Item.Tensors) call.items().getFirst();
    assertThat(item.inputs())
        .extracting(Tensor::name)
        .containsExactly("input_ids", "attention_mask", "token_type_ids");
    assertThat(item.outputs()).containsExactly("last_hidden_state");
  }

  @Test
  void absentTokenTypesAreZeros() {
    InferCall call = bind("{'inputs':[" + MASK + "," + IDS + "]}", embedding(4));

    Item.Tensors item = (Item.Tensors) call.items().getFirst();
    assertThat(item.inputs().getLast())
        .isEqualTo(new Tensor("token_type_ids", Datatype.INT64, new long[] {1, 2}, new byte[16]));
  }

  @Test
  void outputsOfTheItemAreInGraphOrder() {
    ModelInfo model =
        InferModels.withOutputs(
            spec("a", Datatype.FP32, -1), spec("b", Datatype.FP32, -1), spec("c", Datatype.FP32));
    String body =
        "{'outputs':[{'name':'c'},{'name':'a'}],'model_name':'m','model_version':'2',"
            + "'inputs':[{'name':'x','datatype':'UINT8','shape':[0],'data':[]}]}";
    InferCall call = bind(body, model);

    assertThat(((Item.Tensors) call.items().getFirst()).outputs()).containsExactly("a", "c");
    assertThat(call.outputs()).extracting(WantedOutput::name).containsExactly("c", "a");
  }

  static Stream<Arguments> rawBodies() {
    return Stream.of(
        Arguments.of(spec("x", Datatype.UINT8, -1), 3, new long[] {3}),
        Arguments.of(spec("x", Datatype.UINT8, -1), 0, new long[] {0}),
        Arguments.of(spec("x", Datatype.FP32, -1, 2), 16, new long[] {2, 2}),
        Arguments.of(spec("x", Datatype.INT16, 2, -1, 3), 12, new long[] {2, 1, 3}),
        Arguments.of(spec("x", Datatype.INT64, 1, 2), 16, new long[] {1, 2}),
        Arguments.of(spec("x", Datatype.FP64), 8, new long[] {}));
  }

  @ParameterizedTest
  @MethodSource("rawBodies")
  void aRawBodyTakesItsShapeFromTheModel(TensorSpec spec, int bytes, long[] shape) {
    InferCall call = InferBinder.bind(raw(new byte[bytes]), withInput(spec), ITEMS_MAX);

    assertThat(((Item.Tensors) call.items().getFirst()).inputs())
        .containsExactly(new Tensor("x", spec.datatype(), shape, new byte[bytes]));
    assertThat(call.outputs()).containsExactly(new WantedOutput("y", true));
  }

  @Test
  void aRawBodyOfBytesIsOneElement() {
    byte[] body = bytes(1, 0, 0, 0, 65);
    ModelInfo model = withInput(spec("x", Datatype.BYTES, -1, 1));
    InferCall call = InferBinder.bind(raw(body), model, ITEMS_MAX);

    assertThat(((Item.Tensors) call.items().getFirst()).inputs())
        .containsExactly(Tensor.ofBytes("x", new long[] {1, 1}, List.of(body)));
  }

  @Test
  void aRawBodyIsOneText() {
    InferCall call = InferBinder.bind(raw("grüße".getBytes(UTF_8)), embedding(4), ITEMS_MAX);

    assertThat(call.items()).containsExactly(new Item.Text("grüße", false));
    assertThat(call.outputs()).containsExactly(new WantedOutput("embedding", true));
  }

  static Stream<Arguments> wrongRequests() {
    ModelInfo embedding = embedding(4);
    ModelInfo plain = withInput(spec("x", Datatype.FP32, -1, 2));
    ModelInfo half = InferModels.withOutputs(spec("y", Datatype.FP16, -1));
    String halfInput = "'inputs':[{'name':'x','datatype':'UINT8','shape':[0],'data':[]}]";
    return Stream.of(
        wrong(text("[1]", "['a']", ",'model_name':'n'"), embedding, "model_name", "m"),
        wrong(text("[1]", "['a']", ",'model_version':'1'"), embedding, "model_version", "2"),
        wrong(text("[2]", "['a','']", ""), embedding, "inputs[0].data[1]", "empty"),
        wrong(text("[0]", "[]", ""), embedding, "inputs[0].shape", "from 1 to 3"),
        wrong(text("[]", "'a'", ""), embedding, "inputs[0].shape", "[n]"),
        wrong(text("[1,2]", "['a','b']", ""), embedding, "inputs[0].shape", "[n, 1]"),
        wrong(int64Text(), embedding, "inputs[0].datatype", "BYTES"),
        wrong("{'inputs':[" + IDS + "," + textInput() + "]}", embedding, "inputs[0].name", "text"),
        wrong("{'inputs':[" + textInput() + "," + IDS + "]}", embedding, "inputs[1].name", "text"),
        wrong("{'inputs':[" + IDS + "]}", embedding, "inputs", "attention_mask", "text"),
        wrong("{'inputs':[" + MASK + "]}", embedding, "inputs", "input_ids"),
        wrong(
            "{'inputs':[" + IDS + "," + int64("position_ids", "[1,2]", "[0,1]") + "]}",
            embedding,
            "inputs[1].name",
            "position_ids",
            "token_type_ids"),
        wrong(input("FP64", "[1,2]", "[1,2]"), plain, "inputs[0].datatype", "FP64", "FP32 [-1, 2]"),
        wrong(input("FP32", "[1,3]", "[1,2,3]"), plain, "inputs[0].shape", "[1, 3]", "[-1, 2]"),
        wrong(input("FP32", "[2]", "[1,2]"), plain, "inputs[0].shape", "[2]", "[-1, 2]"),
        wrong("{'inputs':[" + textInput() + "]}", plain, "inputs[0].name", "\"x\" (FP32 [-1, 2])"),
        wrong(
            text("[1]", "['a']", ",'outputs':[{'name':'label'}]"),
            embedding,
            "outputs[0].name",
            "embedding"),
        wrong(
            "{'inputs':[" + IDS + "," + MASK + "],'outputs':[{'name':'embedding'}]}",
            embedding,
            "outputs[0].name",
            "last_hidden_state"),
        wrong("{" + halfInput + "}", half, "outputs", "FP16", "binary_data"),
        wrong("{'outputs':[{'name':'y'}]," + halfInput + "}", half, "outputs[0]", "binary_data"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongRequests")
  void isRefusedNamingBothSides(String body, ModelInfo model, String field, String... says) {
    assertRefused(read(body), model, field, says);
  }

  static Stream<Arguments> wrongRawBodies() {
    return Stream.of(
        Arguments.of(withInput(spec("x", Datatype.FP32, -1)), new byte[5], "5 bytes"),
        Arguments.of(withInput(spec("x", Datatype.FP32, -1, 2)), new byte[12], "3 elements"),
        Arguments.of(withInput(spec("x", Datatype.FP32, 2)), new byte[4], "1 elements"),
        Arguments.of(withInput(spec("x", Datatype.FP32, -1, 0)), new byte[4], "1 elements"),
        Arguments.of(withInput(spec("x", Datatype.FP32, -1, -1)), new byte[4], "more than one"),
        Arguments.of(withInput(spec("x", Datatype.BYTES, 2)), new byte[4], "one BYTES element"),
        Arguments.of(withInput(spec("x", Datatype.BOOL, -1)), bytes(0, 2), "byte 2"),
        Arguments.of(
            InferModels.tensors(
                List.of(spec("x", Datatype.BOOL), spec("z", Datatype.BOOL)), List.of()),
            bytes(0),
            "\"z\""),
        Arguments.of(embedding(4), bytes(), "empty"),
        Arguments.of(embedding(4), bytes(0xC3), "UTF-8"));
  }

  @ParameterizedTest
  @MethodSource("wrongRawBodies")
  void aRawBodyThatDoesNotFitIsRefused(ModelInfo model, byte[] body, String says) {
    assertRefused(raw(body), model, "body", says);
  }

  @Test
  void textThatIsNotUtf8IsRefusedByItsPlace() {
    InferRequest request =
        read(
            "{'inputs':[{'name':'text','shape':[2],'datatype':'BYTES',"
                + "'parameters':{'binary_data_size':11}}]}",
            bytes(1, 0, 0, 0, 65, 2, 0, 0, 0, 0xC0, 0x80));

    assertRefused(request, embedding(4), "inputs[0].data[1]", "UTF-8");
  }

  @Test
  void tooManyTextsAreTooLarge() {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> bind(text("[4]", "['a','b','c','d']", ""), embedding(4)));

    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE);
    assertThat(refusal.message()).contains("4 texts", "up to 3");
  }

  private static void assertRefused(
      InferRequest request, ModelInfo model, String field, String... says) {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> InferBinder.bind(request, model, ITEMS_MAX));
    assertThat(refusal).as("a refusal").isNotNull();
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(refusal.field()).as(refusal.message()).hasValue(field);
    assertThat(refusal.message()).contains(says);
  }

  private static InferCall bind(String body, ModelInfo model) {
    return InferBinder.bind(read(body), model, ITEMS_MAX);
  }

  private static InferRequest raw(byte[] body) {
    return InferBodies.read(body, "0");
  }

  private static String text(String shape, String data, String more) {
    return "{'inputs':[{'name':'text','datatype':'BYTES','shape':%s,'data':%s}]%s}"
        .formatted(shape, data, more);
  }

  private static String textInput() {
    return "{'name':'text','datatype':'BYTES','shape':[1],'data':['a']}";
  }

  private static String int64Text() {
    return "{'inputs':[" + int64("text", "[1]", "[1]") + "]}";
  }

  private static String int64(String name, String shape, String data) {
    return "{'name':'%s','datatype':'INT64','shape':%s,'data':%s}".formatted(name, shape, data);
  }

  private static Arguments wrong(String body, ModelInfo model, String field, String... says) {
    return Arguments.of(body, model, field, says);
  }
}

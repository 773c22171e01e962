package dev.pilotlight.protocol.openinference;

import static dev.pilotlight.protocol.openinference.InferBodies.bytes;
import static dev.pilotlight.protocol.openinference.InferBodies.concat;
import static dev.pilotlight.protocol.openinference.InferBodies.json;
import static dev.pilotlight.protocol.openinference.InferBodies.jsonLength;
import static dev.pilotlight.protocol.openinference.InferModels.answer;
import static dev.pilotlight.protocol.openinference.InferModels.key;
import static dev.pilotlight.protocol.openinference.InferModels.spec;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InferResponseWriterTest {
  private static final long[] SCALAR = {};
  private static final Answer POSITIVE = classified(1, "positive", 0.75f);
  private static final Answer NEGATIVE = classified(2, "negative\"", 1f);

  @Test
  void embeddingsAreStacked() {
    InferCall call = texts(InferModels.embedding(2), 2, new WantedOutput("embedding", false));
    HttpResponse response =
        InferResponseWriter.write(
            call, List.of(embedded(1, 0.1f, -1e-7f), embedded(2, 16777216f, -0.0f)));

    assertThat(new String(response.body(), UTF_8))
        .isEqualTo(
            json("{'model_name':'m','model_version':'2','id':'7',"
                    + "'parameters':{'result_ids':'%s,%s'},"
                    + "'outputs':[{'name':'embedding','shape':[2,2],'datatype':'FP32',"
                    + "'data':[0.1,-1.0E-7,1.6777216E7,-0.0]}]}")
                .formatted(key(1), key(2)));
    assertThat(jsonLength(response)).isEmpty();
    assertThat(response.headers().get("content-type")).isEqualTo("application/json");
  }

  @Test
  void onlyTheWantedOutputsAreWrittenInTheirOrder() {
    InferCall both =
        texts(
            InferModels.classifier(),
            2,
            new WantedOutput("score", false),
            new WantedOutput("label", false));
    InferCall one = texts(InferModels.classifier(), 2, new WantedOutput("label", false));

    assertThat(text(both, POSITIVE, NEGATIVE))
        .endsWith(
            json("'outputs':[{'name':'score','shape':[2],'datatype':'FP32','data':[0.75,1.0]},")
                + json("{'name':'label','shape':[2],'datatype':'BYTES','data':['positive',")
                + "\"negative\\\"\"]}]}");
    assertThat(text(one, POSITIVE, NEGATIVE)).doesNotContain("score");
  }

  @Test
  void binaryOutputsFollowTheJsonInTheirOrder() {
    InferCall call =
        texts(
            InferModels.classifier(),
            2,
            new WantedOutput("score", true),
            new WantedOutput("label", true));
    HttpResponse response = InferResponseWriter.write(call, List.of(POSITIVE, NEGATIVE));
    int length = jsonLength(response).orElseThrow();

    assertThat(new String(response.body(), 0, length, UTF_8))
        .endsWith(
            json(
                "'outputs':[{'name':'score','shape':[2],'datatype':'FP32',"
                    + "'parameters':{'binary_data_size':8}},{'name':'label','shape':[2],"
                    + "'datatype':'BYTES','parameters':{'binary_data_size':25}}]}"));
    assertThat(Arrays.copyOfRange(response.body(), length, response.body().length))
        .isEqualTo(
            concat(
                bytes(0, 0, 64, 63, 0, 0, 128, 63, 8, 0, 0, 0),
                "positive".getBytes(UTF_8),
                bytes(9, 0, 0, 0),
                "negative\"".getBytes(UTF_8)));
    assertThat(response.headers().get("content-type")).isEqualTo("application/octet-stream");
  }

  @Test
  void binaryAndJsonOutputsMix() {
    InferCall call =
        texts(
            InferModels.classifier(),
            1,
            new WantedOutput("label", false),
            new WantedOutput("score", true));
    HttpResponse response = InferResponseWriter.write(call, List.of(POSITIVE));

    assertThat(jsonLength(response)).isEqualTo(OptionalInt.of(response.body().length - 4));
    assertThat(new String(response.body(), UTF_8)).contains(json("'data':['positive']"));
  }

  @Test
  void aGraphsTensorsKeepTheirShapes() {
    Tensor scalar = new Tensor("a", Datatype.UINT64, SCALAR, bytes(-1, -1, -1, -1, -1, -1, -1, -1));
    Tensor empty = new Tensor("b", Datatype.FP64, new long[] {2, 0}, bytes());
    InferCall call =
        graph(
            InferModels.withOutputs(spec("a", Datatype.UINT64), spec("b", Datatype.FP64, 2, 0)),
            new WantedOutput("a", false),
            new WantedOutput("b", false));

    assertThat(text(call, answer(1, scalar, empty)))
        .contains(json("'shape':[],'datatype':'UINT64','data':[18446744073709551615]"))
        .contains(json("'shape':[2,0],'datatype':'FP64','data':[]"));
  }

  static Stream<Arguments> withoutJsonForm() {
    long[] one = {1};
    return Stream.of(
        Arguments.of(Tensor.ofFloats("y", one, new float[] {Float.NaN}), "NaN"),
        Arguments.of(Tensor.ofFloats("y", one, new float[] {Float.POSITIVE_INFINITY}), "Infinity"),
        Arguments.of(
            new Tensor("y", Datatype.FP64, one, bytes(0, 0, 0, 0, 0, 0, 0xF0, 0xFF)), "-Infinity"),
        Arguments.of(new Tensor("y", Datatype.FP16, one, bytes(0, 60)), "FP16"),
        Arguments.of(new Tensor("y", Datatype.BF16, one, bytes(0, 60)), "BF16"),
        Arguments.of(Tensor.ofBytes("y", one, List.of(bytes(0xC0, 0x80))), "not UTF-8"));
  }

  @ParameterizedTest
  @MethodSource("withoutJsonForm")
  void valueThatJsonCannotHoldIsRefusedNamingBinaryData(Tensor output, String says) {
    ModelInfo model = InferModels.withOutputs(spec("y", output.datatype(), 1));
    InferCall call = graph(model, new WantedOutput("y", false));
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> InferResponseWriter.write(call, List.of(answer(1, output))));

    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(refusal.message()).contains("\"y\"", says, "binary_data");

    InferCall binary = graph(model, new WantedOutput("y", true));
    assertThat(jsonLength(InferResponseWriter.write(binary, List.of(answer(1, output)))))
        .isPresent();
  }

  @Test
  void paddingThatWouldFillMemoryIsRefused() {
    WantedOutput logits = new WantedOutput("logits", true);
    InferCall call = texts(InferModels.tokenClassifier(), 2048, logits);
    List<Answer> answers = new ArrayList<>(Collections.nCopies(2047, labelled(3)));
    answers.add(labelled(8192));

    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> InferResponseWriter.write(call, answers));
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE);
    assertThat(refusal)
        .hasMessageContaining("2048 texts, padded to the 8192 tokens of the longest, have 134217")
        .hasMessageContaining("accepted: up to 33554432");
    answers.set(2047, labelled(2048));
    assertThat(InferResponseWriter.write(call, answers).body()).hasSizeGreaterThan(33_554_432);
  }

  private static Answer labelled(int tokens) {
    return answer(1, Tensor.ofFloats("logits", new long[] {tokens, 2}, new float[2 * tokens]));
  }

  private static String text(InferCall call, Answer... answers) {
    return new String(InferResponseWriter.write(call, List.of(answers)).body(), UTF_8);
  }

  private static InferCall texts(ModelInfo model, int items, WantedOutput... outputs) {
    return new InferCall(
        Optional.of("7"),
        model,
        Collections.nCopies(items, new Item.Text("a", false)),
        List.of(outputs));
  }

  private static InferCall graph(ModelInfo model, WantedOutput... outputs) {
    List<String> names = Arrays.stream(outputs).map(WantedOutput::name).toList();
    return new InferCall(
        Optional.empty(), model, List.of(new Item.Tensors(List.of(), names)), List.of(outputs));
  }

  private static Answer embedded(int number, float... values) {
    return answer(number, Tensor.ofFloats("embedding", new long[] {values.length}, values));
  }

  private static Answer classified(int number, String label, float score) {
    return answer(
        number,
        Tensor.ofStrings("label", SCALAR, List.of(label)),
        Tensor.ofFloats("score", SCALAR, new float[] {score}));
  }
}

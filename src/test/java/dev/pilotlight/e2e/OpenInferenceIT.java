package dev.pilotlight.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients of the Open Inference Protocol, as Triton's and KServe's write and read it.
@Timeout(120)
class OpenInferenceIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "/v2/models/" + Client.MODEL;
  private static final List<String> TEXTS = List.of("hello world", "naïve Grüße, 東京 🚀");

  /// As httpx sends it.
  private static final String[] PYTHON = {"accept", "*/*", "accept-encoding", "gzip, deflate"};

  private static LocalStack stack;
  private static Client client;
  private static List<Float> expected;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(Options.onFreePorts().withEnvironmentsMax(1));
    client = new Client(stack.gatewayUrl());
    expected = Floats.of(client.embeddings(TEXTS).vectors());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void tritonsClientSendsAndGetsBinaryTensors() {
    Client.Reply reply = triton("/infer", Triton.body("", List.of(texts())));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("content-type")).isEqualTo("application/octet-stream");
    Triton.Output output = Triton.output(reply, "embedding");
    assertThat(output.tensor().shape()).containsExactly(2, 384);
    assertThat(output.tensor().datatype()).isEqualTo("FP32");
    assertThat(output.tensor().data()).isNull();
    assertThat(output.floats()).isEqualTo(expected);
  }

  @Test
  void tritonsClientSendsJsonAndStillGetsBinaryTensors() {
    Triton.Body body =
        Triton.body("an id", List.of(Triton.jsonInput("text", "BYTES", TEXTS.toArray())));
    assertThat(body.jsonLength()).isNull();
    Client.Reply reply = triton("/versions/1/infer", body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    Triton.Output output = Triton.output(reply, "embedding");
    assertThat(output.id()).isEqualTo("an id");
    assertThat(output.floats()).isEqualTo(expected);
  }

  @Test
  void tritonsClientChoosesTheFormOfEachOutput() {
    Client.Reply binary =
        triton("/infer", Triton.body("", List.of(texts()), Triton.wanted("embedding", true)));
    Client.Reply json =
        triton("/infer", Triton.body("", List.of(texts()), Triton.wanted("embedding", false)));
    assertThat(Triton.output(binary, "embedding").bytes()).hasSize(2 * 384 * Float.BYTES);
    assertThat(Triton.output(binary, "embedding").floats()).isEqualTo(expected);
    assertThat(json.header("content-type")).isEqualTo("application/json");
    assertThat(Triton.output(json, "embedding").tensor().data()).hasSize(2 * 384);
    assertThat(Triton.output(json, "embedding").floats()).isEqualTo(expected);
  }

  @Test
  void severalInputsReachTheGraphInBinaryInJsonAndMixed() {
    long[] ids = {101, 7592, 2088, 102};
    Triton.Input binary = Triton.binaryInput("input_ids", ids, 1, 4);
    Triton.Input mask = Triton.binaryInput("attention_mask", new long[] {1, 1, 1, 1}, 1, 4);
    Triton.Input types = Triton.binaryInput("token_type_ids", new long[4], 1, 4);
    Triton.Input json =
        new Triton.Input(
            new Triton.IoTensor(
                "attention_mask", new long[] {1, 4}, "INT64", Map.of(), new Object[] {1, 1, 1, 1}),
            null);

    Client.Reply allBinary = triton("/infer", Triton.body("", List.of(binary, mask, types)));
    Client.Reply mixed = triton("/infer", Triton.body("", List.of(types, json, binary)));

    assertThat(allBinary.status()).as(allBinary.text()).isEqualTo(200);
    Triton.Output output = Triton.output(allBinary, "last_hidden_state");
    assertThat(output.tensor().shape()).containsExactly(1, 4, 384);
    assertThat(Triton.output(mixed, "last_hidden_state").floats()).isEqualTo(output.floats());
    double[] pooled = pooled(output.floats(), 4);
    for (int i = 0; i < pooled.length; i++) {
      assertThat(Math.abs(pooled[i] - expected.get(i))).isLessThan(1e-6);
    }
  }

  @Test
  void kservesClientSendsJsonAndGetsItCompressed() throws IOException {
    List<String> texts = Texts.of(3, 24, 8);
    ObjectNode request = kserve(texts);
    Client.Reply reply = client.post(MODEL + "/infer", JSON.writeValueAsBytes(request), PYTHON);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("content-encoding")).isEqualTo("gzip");
    JsonNode answer = JSON.readTree(gunzipped(reply.body()));
    assertThat(answer.get("id")).isEqualTo(request.get("id"));
    assertThat(answer.get("model_name").asText()).isEqualTo(Client.MODEL);
    assertThat(answer.get("model_version").asText()).isEqualTo("1");
    assertThat(answer.at("/outputs/0/name").asText()).isEqualTo("embedding");
    assertThat(answer.at("/outputs/0/datatype").asText()).isEqualTo("FP32");
    assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[24,384]");
    assertThat(Floats.of(answer.at("/outputs/0/data")))
        .isEqualTo(Floats.of(client.embeddings(texts).vectors()));
  }

  @Test
  void kservesClientSendsBinaryAndGetsJson() throws IOException {
    Triton.Body body = Triton.body("", List.of(texts()), Triton.wanted("embedding", false));
    Client.Reply reply =
        client.post(
            MODEL + "/infer",
            body.bytes(),
            "content-type",
            "application/octet-stream",
            "inference-header-content-length",
            String.valueOf(body.jsonLength()));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("content-encoding")).as("not asked for").isEmpty();
    assertThat(Floats.of(reply.json().at("/outputs/0/data"))).isEqualTo(expected);
  }

  @Test
  void aGzippedRequestIsReadInJsonAndBinary() throws IOException {
    Client.Reply json =
        client.post(
            MODEL + "/infer",
            gzipped(JSON.writeValueAsBytes(kserve(TEXTS))),
            "content-type",
            "application/json",
            "content-encoding",
            "gzip");
    assertThat(json.status()).as(json.text()).isEqualTo(200);
    assertThat(Floats.of(json.json().at("/outputs/0/data"))).isEqualTo(expected);

    Triton.Body body = Triton.body("", List.of(texts()));
    Client.Reply binary =
        client.post(
            MODEL + "/infer",
            gzipped(body.bytes()),
            "content-encoding",
            "gzip",
            "accept-encoding",
            "gzip",
            Triton.JSON_LENGTH,
            String.valueOf(body.jsonLength())); // of the JSON before compression
    assertThat(binary.status()).as(binary.text()).isEqualTo(200);
    assertThat(Triton.output(binary, "embedding").floats()).isEqualTo(expected);
  }

  @Test
  void theServerAndItsModelAreLiveAndReady() {
    assertThat(client.get("/v2/health/live").json().get("live").asBoolean()).isTrue();
    assertThat(client.get("/v2/health/ready").json().get("ready").asBoolean()).isTrue();
    for (String path : List.of("/ready", "/versions/1/ready")) {
      Client.Reply ready = client.get(MODEL + path);
      assertThat(ready.status()).isEqualTo(200);
      assertThat(ready.json().get("ready").asBoolean()).isTrue();
    }
    assertThat(client.get("/v2/models/no-such-model/ready").status()).isEqualTo(404);
  }

  @Test
  void metadataDescribesTheTensorsToSend() {
    JsonNode server = client.get("/v2").json();
    assertThat(server.get("name").asText()).isEqualTo("pilotlight");
    assertThat(server.get("version").asText()).isNotEmpty();
    assertThat(server.get("extensions"))
        .extracting(JsonNode::asText)
        .contains("classification", "statistics");
    for (String path : List.of(MODEL, MODEL + "/versions/1")) {
      JsonNode model = client.get(path).json();
      assertThat(model.get("name").asText()).isEqualTo(Client.MODEL);
      assertThat(model.get("versions").toString()).isEqualTo("[\"1\"]");
      assertThat(model.get("platform").asText()).isEqualTo("onnx_onnxv1");
      assertThat(model.get("inputs").toString())
          .contains("{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[-1]}");
      assertThat(model.get("outputs").toString())
          .contains("{\"name\":\"embedding\",\"datatype\":\"FP32\",\"shape\":[-1,384]}");
    }
    assertThat(client.get("/v2/models").json().toString())
        .isEqualTo(
            "{\"models\":[{\"name\":\"%s\",\"version\":\"1\",\"state\":\"READY\"}]}"
                .formatted(Client.MODEL));
  }

  /// As Triton's Python client does it, without content types.
  @Test
  void tritonsClientFindsLoadsAndMeasuresAModel() {
    String repository = "/v2/repository";
    Client.Reply loaded =
        client.post(repository + "/models/" + Client.MODEL + "/load", "{}".getBytes(UTF_8));
    assertThat(loaded.status()).as(loaded.text()).isEqualTo(200);
    JsonNode index = client.post(repository + "/index", new byte[0]).json();
    assertThat(index.toString())
        .isEqualTo(
            "[{\"name\":\"%s\",\"version\":\"1\",\"state\":\"READY\"}]".formatted(Client.MODEL));
    assertThat(client.get(MODEL + "/config").json().get("max_batch_size").asInt(-1)).isZero();
    var _ = client.embeddings(List.of("counted"), "cache-control", "no-store");
    JsonNode stats = client.get(MODEL + "/stats").json().at("/model_stats/0");
    assertThat(stats.get("inference_count").asLong()).isPositive();
    assertThat(stats.at("/inference_stats/success/count").asLong()).isPositive();
  }

  @Test
  void errorsAreAStringThatNamesWhatWasWrong() {
    Triton.Body wrong = Triton.body("", List.of(Triton.binaryInput("txet", "hello")));
    Client.Reply input = triton("/infer", wrong);
    assertThat(input.status()).isEqualTo(400);
    assertThat(input.json().get("error").asText()).contains("txet").contains("text");

    Triton.Body right = Triton.body("", List.of(texts()));
    for (String path : List.of("/v2/models/nobody/infer", MODEL + "/versions/7/infer")) {
      Client.Reply model = triton(path, right);
      assertThat(model.status()).isEqualTo(404);
      assertThat(model.json().get("error").isTextual()).isTrue();
    }
  }

  private static Triton.Input texts() {
    return Triton.binaryInput("text", TEXTS.toArray(String[]::new));
  }

  /// Without a content type, as that client does it.
  private static Client.Reply triton(String path, Triton.Body body) {
    String absolute = path.startsWith("/v2") ? path : MODEL + path;
    Integer jsonLength = body.jsonLength();
    return jsonLength == null
        ? client.post(absolute, body.bytes())
        : client.post(absolute, body.bytes(), Triton.JSON_LENGTH, jsonLength.toString());
  }

  /// `InferRequest.to_rest`.
  ///
  /// Source:
  /// <https://github.com/kserve/kserve/blob/master/python/kserve/kserve/protocol/infer_type.py>
  private static ObjectNode kserve(List<String> texts) {
    ObjectNode request = JSON.createObjectNode();
    request.put("id", UUID.randomUUID().toString()).put("model_name", Client.MODEL);
    ObjectNode input = request.putArray("inputs").addObject().put("name", "text");
    input.putArray("shape").add(texts.size());
    input.put("datatype", "BYTES");
    texts.forEach(input.putArray("data")::add);
    return request;
  }

  /// The mean over the tokens, of length 1.
  private static double[] pooled(List<Float> states, int tokens) {
    double[] mean = new double[states.size() / tokens];
    for (int i = 0; i < states.size(); i++) {
      mean[i % mean.length] += states.get(i) / (double) tokens;
    }
    double squares = 0;
    for (double value : mean) {
      squares += value * value;
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= Math.sqrt(squares);
    }
    return mean;
  }

  private static byte[] gzipped(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static String gunzipped(byte[] compressed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

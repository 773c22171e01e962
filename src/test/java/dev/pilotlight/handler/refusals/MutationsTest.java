package dev.pilotlight.handler.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.suite.Soak;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of spoilt requests through the whole function: whatever a client sends is answered,
/// and never by an error of ours.
class MutationsTest {
  private static final int REQUESTS = Soak.amount(4_000, 20_000);
  private static final long SEED = 20_261_123;
  private static final int GOOD_REQUESTS_EVERY = REQUESTS / 10;

  @TempDir private Path root;

  @Test
  void noSpoiltRequestIsAnErrorOfOurs() {
    List<TestRequest> good = good();
    try (Harness harness =
        new TestModels(root)
            .withSample()
            .with(TestModels.SAMPLE, "pilotlight.json", "{\"token_ids\": \"accept\"}")
            .withClassifier("classes")
            .with("both", OnnxModels.sumAndDifference())
            .with("words", OnnxModels.words())
            .with("echo", OnnxModels.identity(Datatype.UINT64, "n", "m"))
            .start()) {
      Mutations mutations = new Mutations(new Random(SEED), good);
      Map<Integer, Integer> statuses = new TreeMap<>();
      for (int i = 0; i < REQUESTS; i++) {
        if (i % GOOD_REQUESTS_EVERY == 0) {
          requireAnswered(harness, good);
        }
        TestRequest request = mutations.next();
        byte[] event = i % 2 == 0 ? request.event() : request.restEvent();
        Harness.Reply reply = harness.send(event);
        assertThat(reply.status())
            .as("%d: %s gave %s", i, shown(request), reply.text())
            .isBetween(200, 499);
        statuses.merge(reply.status(), 1, Integer::sum);
      }
      // spoilt enough to be refused, and not so much that nothing gets through
      assertThat(statuses.get(200)).isGreaterThan(REQUESTS / 50);
      assertThat(statuses.get(400)).isGreaterThan(REQUESTS / 2);
      assertThat(statuses).containsKeys(404, 415);
    }
  }

  private static void requireAnswered(Harness harness, List<TestRequest> good) {
    for (TestRequest request : good) {
      Harness.Reply reply = harness.send(request.event());
      assertThat(reply.status()).as(shown(request) + reply.text()).isEqualTo(200);
    }
  }

  private static List<TestRequest> good() {
    String both = "{\"inputs\":[" + BadInfer.A + "," + BadInfer.B + "]}";
    String texts =
        BadTensors.input("text", "BYTES", "[2]", "\"hello\",\"caf\u00e9 \\ud83d\\ude00\"");
    String tokens =
        BadTensors.input("input_ids", "INT64", "[1,3]", "101,7592,102")
            + ","
            + BadTensors.input("attention_mask", "INT64", "[1,3]", "1,1,1");
    TestRequest embeddings =
        TestRequest.post(
            BadEmbeddings.PATH,
            BadEmbeddings.sample(
                "\"input\":[\"hello\",\"w\u00f6rld\"],\"encoding_format\":\"base64\","
                    + "\"dimensions\":384,\"user\":\"u\",\"truncate\":true"));
    return List.of(
        embeddings,
        embeddings.compressed(),
        TestRequest.post(BadEmbeddings.PATH, BadEmbeddings.sample("\"input\":[101,7592,102]")),
        infer("both", "{\"id\":\"7\"," + both.substring(1)),
        infer(
            "both",
            both.substring(0, both.length() - 1)
                + ",\"outputs\":[{\"name\":\"sum\",\"parameters\":{\"binary_data\":true}}],"
                + "\"parameters\":{\"binary_data_output\":false}}"),
        infer("classes", "{\"inputs\":[" + texts + "]}"),
        infer("classes", "{\"inputs\":[" + tokens + "]}"),
        infer(
            "echo",
            "{\"inputs\":[" + BadTensors.input("x", "UINT64", "[2,2]", "[1,2],[3,4]") + "]}"),
        binary("both", floats("a"), floats("b")),
        binary("words", Tensor.ofStrings("text", new long[] {2}, List.of("plain", "a"))));
  }

  private static TestRequest infer(String model, String json) {
    return TestRequest.post(InferClient.path(model), json);
  }

  private static TestRequest binary(String model, Tensor... inputs) {
    List<String> entries = new ArrayList<>();
    byte[] data = new byte[0];
    for (Tensor input : inputs) {
      entries.add(
          "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":[2],\"parameters\":%s}"
              .formatted(
                  input.name(),
                  input.datatype(),
                  "{\"binary_data_size\":" + input.data().length + "}"));
      data = BadBinary.joined(data, input.data());
    }
    byte[] json = TestRequest.utf8("{\"inputs\":[" + String.join(",", entries) + "]}");
    return TestRequest.post(InferClient.path(model), BadBinary.joined(json, data))
        .with(BadBinary.LENGTH, Integer.toString(json.length));
  }

  private static Tensor floats(String name) {
    return Tensor.ofFloats(name, new long[] {2}, new float[] {1, 2});
  }

  private static String shown(TestRequest request) {
    return "%s %s %s"
        .formatted(request.path(), request.headers(), Harness.JSON.valueToTree(request.body()));
  }
}

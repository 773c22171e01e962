package dev.pilotlight.handler.tei;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.model.TextModels;
import java.nio.file.Path;

/// The models of these tests: the real sample, and small ones whose answers follow from formulas.
public final class TeiModels {
  public static final String SAMPLE = TestModels.SAMPLE;

  /// Means of token vectors, not at unit length, of any size; with prompts.
  public static final String PLAIN = "plain";

  /// Three labels.
  public static final String CLASSES = "classes";

  /// One label.
  public static final String RANKER = "ranker";

  /// One label, whose sigmoid the graph computes.
  public static final String SURE = "sure";

  public static final String TENSORS = "tensors";

  private TeiModels() {}

  public static TestModels in(Path root) {
    TestModels models = new TestModels(root).withSample().withClassifier(CLASSES);
    models.with(SAMPLE, "pilotlight.json", "{\"token_ids\": \"accept\"}");
    models.withTokenizer(PLAIN, OnnxModels.lastHiddenState());
    models.with(PLAIN, "modules.json", TextModels.modules("Transformer", "Pooling"));
    models.with(PLAIN, "1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
    models.with(PLAIN, "pilotlight.json", "{\"dimensions\": \"any\", \"max_tokens\": 16}");
    models.with(
        PLAIN,
        "config_sentence_transformers.json",
        "{\"prompts\": {\"query\": \"hello \", \"document\": \"\"}}");
    models.withTokenizer(RANKER, TextGraphs.reranker());
    models.with(RANKER, "config.json", "{\"architectures\": [\"BertForSequenceClassification\"]}");
    models.withTokenizer(SURE, TextGraphs.sigmoidCrossEncoder());
    models.with(SURE, "config.json", "{\"architectures\": [\"BertForSequenceClassification\"]}");
    return models.with(TENSORS, OnnxModels.sumAndDifference());
  }

  /// The answer to a request that succeeds.
  public static JsonNode post(Harness function, String path, String body) {
    Harness.Reply reply = function.post(path, quoted(body));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  /// JSON with single quotes.
  public static String quoted(String body) {
    return body.replace('\'', '"');
  }

  /// The mean of the vectors that [#PLAIN] gives tokens.
  public static float[] mean(long... tokens) {
    double[] sum = new double[OnnxModels.EMBEDDING_SIZE];
    for (long token : tokens) {
      for (int place = 0; place < sum.length; place++) {
        sum[place] += OnnxModels.embedding(token, place);
      }
    }
    float[] mean = new float[sum.length];
    for (int place = 0; place < mean.length; place++) {
      mean[place] = (float) (sum[place] / tokens.length);
    }
    return mean;
  }

  public static float[] floats(JsonNode array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = array.get(i).floatValue();
    }
    return floats;
  }
}

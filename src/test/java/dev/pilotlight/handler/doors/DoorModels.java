package dev.pilotlight.handler.doors;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextGraphs;
import java.nio.file.Path;

/// The models of the doors' tests, whose answers follow from formulas, next to the real sample. The
/// letters `a` to `z` are the tokens from 1037 on.
final class DoorModels {
  static final String EMBEDDER = TestModels.SAMPLE;
  static final String RANKER = "ranker";
  static final String REGRESSION = "regression";
  static final String SURE = "sure";
  static final String CLASSES = "classes";
  static final String JUDGE = "judge";

  private static final int FIRST_LETTER = 1037;
  private static final int CLS = 101;
  private static final int SEP = 102;
  private static final String CLASSIFIER =
      "{\"architectures\": [\"BertForSequenceClassification\"]}";

  private DoorModels() {}

  /// The function on an embedder, the default; rankers of logits, of values and of probabilities;
  /// two classifiers of three labels, and a graph of tensors.
  ///
  /// @param settings names and values in turn
  static Harness start(Path root, String... settings) {
    TestModels models = new TestModels(root).withSample().withClassifier(CLASSES);
    models.withTokenizer(RANKER, TextGraphs.crossEncoder(1));
    models.with(RANKER, "config.json", CLASSIFIER);
    models.with(RANKER, "pilotlight.json", "{\"max_tokens\": 16}");
    models.withTokenizer(JUDGE, TextGraphs.crossEncoder(3));
    models.with(JUDGE, "config.json", CLASSIFIER);
    models.withTokenizer(SURE, TextGraphs.sigmoidCrossEncoder());
    models.with(SURE, "config.json", CLASSIFIER);
    models.withTokenizer(REGRESSION, TextGraphs.crossEncoder(1));
    models.with(
        REGRESSION, "config.json", CLASSIFIER.replace("}", ", \"problem_type\": \"regression\"}"));
    models.with("square", OnnxModels.identity(Datatype.FP32, "n", "m"));
    String[] all = new String[settings.length + 2];
    all[0] = "PILOTLIGHT_DEFAULT_MODEL";
    all[1] = EMBEDDER;
    System.arraycopy(settings, 0, all, 2, settings.length);
    return models.start(all);
  }

  /// The first logit of [#JUDGE] for a text of letters. The others are twice and thrice that.
  static float judgeLogit(String letters) {
    return TextGraphs.crossLogit(tokens(letters, true), new int[0]);
  }

  /// The function on the ranker alone, whose files choose logits.
  static Harness startRaw(Path root) {
    TestModels models = new TestModels(root).withTokenizer(RANKER, TextGraphs.crossEncoder(1));
    models.with(RANKER, "config.json", CLASSIFIER);
    models.with(RANKER, "pilotlight.json", "{\"raw_scores\": true}");
    return models.start("PILOTLIGHT_DEFAULT_MODEL", RANKER);
  }

  /// The logit of [#RANKER] for two texts of letters and spaces.
  static float logit(String query, String document) {
    return TextGraphs.crossLogit(tokens(query, true), tokens(document, false));
  }

  /// The tokens of letters, each a word, with the special ones.
  private static int[] tokens(String letters, boolean first) {
    int[] words = letters.chars().filter(c -> c != ' ').map(DoorModels::token).toArray();
    int start = first ? 1 : 0;
    int[] ids = new int[start + words.length + 1];
    ids[0] = CLS;
    System.arraycopy(words, 0, ids, start, words.length);
    ids[ids.length - 1] = SEP;
    return ids;
  }

  static int token(int letter) {
    return FIRST_LETTER + letter - 'a';
  }

  /// The mean of the embeddings of a text of letters, special tokens included, times the weights of
  /// a label of [#CLASSES].
  static double classLogit(String letters, int label) {
    int[] ids = tokens(letters, true);
    double logit = 0;
    for (int place = 0; place < OnnxModels.EMBEDDING_SIZE; place++) {
      double sum = 0;
      for (int id : ids) {
        sum += OnnxModels.embedding(id, place);
      }
      logit += sum / ids.length * OnnxModels.classifierWeight(place, label);
    }
    return logit;
  }
}

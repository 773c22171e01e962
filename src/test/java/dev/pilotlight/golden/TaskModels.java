package dev.pilotlight.golden;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.cli.onnx.HeadedEncoder;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.model.TokenTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Two models a task, all with the sample's tokenizer: a real encoder with a head of random
/// weights, and a graph of a few nodes.
final class TaskModels {
  static final String INT8 = TestModels.SAMPLE;
  static final String FP32 = "minilm-fp32";
  static final String RANKER = "ranker";
  static final String TOY_RANKER = "toy-ranker";

  /// Its tokenizer joins pairs as RoBERTa's, with two separators and a single type.
  static final String ROBERTA_RANKER = "roberta-ranker";

  static final String CLASSES = "classes";
  static final String TOY_CLASSES = "toy-classes";
  static final String TOPICS = "topics";
  static final String TOY_TOPICS = "toy-topics";

  /// One of its logits of a text that has `world` is NaN.
  static final String NAN = "nan";

  private static final float[] WORLD = {1, Float.NaN, 3};
  private static final Path FETCHED = Path.of("target/models", Golden.FP32, "1");
  private static final Path SHIPPED = Path.of("models", Golden.INT8, "1");
  private static final String MULTI_LABEL = "\"problem_type\": \"multi_label_classification\", ";

  private TaskModels() {}

  static TestModels write(Path root) throws IOException {
    TestModels models =
        new TestModels(root)
            .withSample()
            .withTokenizer(TOY_RANKER, TextGraphs.crossEncoder(1))
            .with(ROBERTA_RANKER, TextGraphs.reranker())
            .with(ROBERTA_RANKER, "tokenizer.json", roberta())
            .withTokenizer(TOY_CLASSES, OnnxModels.textClassification())
            .withTokenizer(TOY_TOPICS, OnnxModels.textClassification())
            .withTokenizer(NAN, TokenTables.logits(Map.of(TokenTables.WORLD, WORLD)));
    for (String name : List.of(RANKER, CLASSES, TOPICS)) {
      int labels = name.equals(RANKER) ? 1 : 4;
      HeadedEncoder.write(
          FETCHED.resolve("model.onnx"),
          root.resolve(name).resolve("1/model.onnx"),
          labels,
          labels);
      models = models.withTokenizer(name);
    }
    for (String name : List.of(RANKER, TOY_RANKER, ROBERTA_RANKER)) {
      models = configured(models, name, 1, "");
    }
    models = configured(models, CLASSES, 4, "");
    for (String name : List.of(TOY_CLASSES, NAN)) {
      models = configured(models, name, 3, "");
    }
    models = configured(models, TOPICS, 4, MULTI_LABEL);
    copyFp32(root.resolve(FP32).resolve("1"));
    return configured(models, TOY_TOPICS, 3, MULTI_LABEL);
  }

  private static String roberta() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode tokenizer = (ObjectNode) json.readTree(SHIPPED.resolve("tokenizer.json").toFile());
    tokenizer.set(
        "post_processor",
        json.readTree(
            """
            {"type": "RobertaProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101],
             "trim_offsets": true, "add_prefix_space": false}
            """));
    return tokenizer.toString();
  }

  private static TestModels configured(TestModels models, String name, int labels, String more) {
    String names =
        IntStream.range(0, labels)
            .mapToObj(i -> "\"%d\": \"label %d\"".formatted(i, i))
            .collect(Collectors.joining(", "));
    return models
        .with(
            name,
            "config.json",
            """
            {"model_type": "bert", "architectures": ["BertForSequenceClassification"],
             "max_position_embeddings": 512, %s"id2label": {%s}}
            """
                .formatted(more, names))
        .with(
            name,
            "tokenizer_config.json",
            "{\"tokenizer_class\": \"BertTokenizer\", \"model_max_length\": 512}");
  }

  /// Graph and tokenizer as fetched, configuration as shipped.
  private static void copyFp32(Path version) throws IOException {
    for (Path from : List.of(SHIPPED, FETCHED)) {
      try (Stream<Path> files = Files.walk(from)) {
        files.filter(Files::isRegularFile).forEach(file -> copy(file, version, from));
      }
    }
  }

  private static void copy(Path file, Path version, Path from) {
    Path copy = version.resolve(from.relativize(file).toString());
    try {
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

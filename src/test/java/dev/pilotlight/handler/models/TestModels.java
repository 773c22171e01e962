package dev.pilotlight.handler.models;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A model repository in a directory, for one test class.
public record TestModels(Path root) {
  public static final String SAMPLE = "all-minilm-l6-v2";

  private static final Path SAMPLE_FILES = Path.of("models", SAMPLE, "1");

  public TestModels with(String name, OnnxGraph graph) {
    return with(name, 1, graph);
  }

  public TestModels with(String name, int version, OnnxGraph graph) {
    graph.write(file(name, version, "model.onnx"));
    return this;
  }

  /// The real model of the product.
  public TestModels withSample() {
    for (String file :
        new String[] {
          "model.onnx",
          "config.json",
          "modules.json",
          "sentence_bert_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "1_Pooling/config.json"
        }) {
      copy(SAMPLE_FILES.resolve(file), file(SAMPLE, 1, file));
    }
    return this;
  }

  /// A classifier of texts by [OnnxModels#textClassification] and the sample's tokenizer.
  public TestModels withClassifier(String name) {
    with(name, OnnxModels.textClassification());
    copy(SAMPLE_FILES.resolve("tokenizer.json"), file(name, 1, "tokenizer.json"));
    return with(
        name,
        "config.json",
        """
        {"architectures": ["BertForSequenceClassification"], "max_position_embeddings": 16,
         "id2label": {"0": "bad", "1": "good", "2": "so so"}}
        """);
  }

  /// A graph next to the sample's tokenizer.
  public TestModels withTokenizer(String name, OnnxGraph graph) {
    return with(name, graph).withTokenizer(name);
  }

  /// Gives a model the sample's tokenizer.
  public TestModels withTokenizer(String name) {
    copy(SAMPLE_FILES.resolve("tokenizer.json"), file(name, 1, "tokenizer.json"));
    return this;
  }

  public TestModels with(String name, String file, String content) {
    Path path = file(name, 1, file);
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// The whole function on these models.
  ///
  /// @param settings names and values in turn
  public Harness start(String... settings) {
    String[] all = new String[settings.length + 2];
    all[0] = "PILOTLIGHT_MODELS";
    all[1] = root.toString();
    System.arraycopy(settings, 0, all, 2, settings.length);
    return new Harness(all);
  }

  Path file(String name, int version, String file) {
    return root.resolve(name).resolve(Integer.toString(version)).resolve(file);
  }

  private static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to.getParent());
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

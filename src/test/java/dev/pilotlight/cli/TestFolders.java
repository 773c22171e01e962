package dev.pilotlight.cli;

import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes small exports.
record TestFolders(Path root) {
  private static final Path TOKENIZER = Path.of("models/all-minilm-l6-v2/1/tokenizer.json");

  /// Mean pooling, not normalised, vectors of [OnnxModels#EMBEDDING_SIZE] numbers.
  String embedding(String folder) throws IOException {
    OnnxModels.lastHiddenState().write(file(folder, "model.onnx"));
    Files.copy(TOKENIZER, file(folder, "tokenizer.json"));
    write(
        folder,
        "modules.json",
        """
        [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
        """);
    write(folder, "1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": true}");
    write(folder, "sentence_bert_config.json", "{\"max_seq_length\": 12}");
    return root.resolve(folder).toString();
  }

  String classifier(String folder) throws IOException {
    OnnxModels.textClassification().write(file(folder, "model.onnx"));
    Files.copy(TOKENIZER, file(folder, "tokenizer.json"));
    write(
        folder,
        "config.json",
        """
        {"architectures": ["BertForSequenceClassification"], "max_position_embeddings": 16,
         "id2label": {"0": "bad", "1": "good", "2": "so so"}}
        """);
    return root.resolve(folder).toString();
  }

  String tokenClassifier(String folder) throws IOException {
    TextGraphs.tokenClassifier(2).write(file(folder, "model.onnx"));
    Files.copy(TOKENIZER, file(folder, "tokenizer.json"));
    write(
        folder,
        "config.json",
        """
        {"architectures": ["BertForTokenClassification"], "max_position_embeddings": 16,
         "id2label": {"0": "O", "1": "B-X"}}
        """);
    return root.resolve(folder).toString();
  }

  String tensors(String folder) throws IOException {
    OnnxModels.sumAndDifference().write(file(folder, "model.onnx"));
    return root.resolve(folder).toString();
  }

  Path write(String folder, String name, String content) throws IOException {
    return Files.writeString(file(folder, name), content);
  }

  private Path file(String folder, String name) throws IOException {
    Path file = root.resolve(folder).resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }
}

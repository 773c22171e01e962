package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.format.OnnxFile;
import dev.pilotlight.model.onnx.InputRole;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Recognises a text model whose tokenizer is missing: served as plain tensors it would not answer
/// as expected.
public final class TextFiles {
  private static final List<String> OF_TEXT_MODELS =
      List.of(
          ModelFiles.TOKENIZER_CONFIG,
          ModelFiles.MODULES,
          ModelFiles.POOLING,
          SentenceConfig.NAMES.getFirst(),
          "special_tokens_map.json",
          "vocab.txt",
          "vocab.json",
          "merges.txt",
          "spiece.model",
          "sentencepiece.bpe.model",
          "tokenizer.model");
  private static final List<String> CONFIG_KEYS =
      List.of("architectures", "model_type", "vocab_size", "text_config");
  private static final List<String> OTHER_TOKENIZERS =
      List.of(
          "sentencepiece.bpe.model", "spiece.model", "tokenizer.model", "vocab.txt", "vocab.json");
  private static final String CONVERT =
      "python -c \"from transformers import AutoTokenizer as T; T.from_pretrained('.')"
          + ".save_pretrained('.')\" makes one";

  private TextFiles() {}

  /// @throws LoadFailure if the graph takes token ids and the folder is that of a text model, but
  ///   has no tokenizer
  static void requireTokenizer(Path directory, Collection<String> present, OnnxFile onnx) {
    if (present.contains(ModelFiles.TOKENIZER)
        || onnx.inputs().stream().noneMatch(TextFiles::takesIds)
        || isTensors(directory, present)
        || !isText(directory, present)) {
      return;
    }
    String found =
        OTHER_TOKENIZERS.stream()
            .filter(present::contains)
            .findFirst()
            .map(name -> "it has %s but no tokenizer.json: %s".formatted(name, CONVERT))
            .orElse("its graph takes token ids, but it has no tokenizer.json");
    throw new LoadFailure(
        found + "; or set \"task\": \"tensors\" in pilotlight.json to send token ids as tensors");
  }

  private static boolean takesIds(String input) {
    return InputRole.of(input).equals(Optional.of(InputRole.IDS));
  }

  private static boolean isTensors(Path directory, Collection<String> present) {
    return present.contains(ModelFiles.OVERRIDES)
        && isTensors(JsonFile.readIn(directory, ModelFiles.OVERRIDES));
  }

  /// Whether `pilotlight.json` sets the task to tensors.
  public static boolean isTensors(JsonFile overrides) {
    return overrides.text("task").filter("tensors"::equals).isPresent();
  }

  private static boolean isText(Path directory, Collection<String> present) {
    if (OF_TEXT_MODELS.stream().anyMatch(present::contains)) {
      return true;
    }
    if (!present.contains(ModelFiles.CONFIG)) {
      return false;
    }
    Set<String> keys = JsonFile.readIn(directory, ModelFiles.CONFIG).keys();
    return CONFIG_KEYS.stream().anyMatch(keys::contains);
  }
}

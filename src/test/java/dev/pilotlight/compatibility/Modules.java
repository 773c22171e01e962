package dev.pilotlight.compatibility;

import java.util.ArrayList;
import java.util.List;

/// Lists for `modules.json`, in the forms that sentence-transformers has written.
final class Modules {
  static final String TRANSFORMER = "sentence_transformers.models.Transformer";
  static final String POOLING = "sentence_transformers.models.Pooling";
  static final String NORMALIZE = "sentence_transformers.models.Normalize";
  static final String DENSE = "sentence_transformers.models.Dense";

  /// The full names since sentence-transformers 5.4.
  static final String NEW_TRANSFORMER =
      "sentence_transformers.base.modules.transformer.Transformer";

  static final String NEW_POOLING =
      "sentence_transformers.sentence_transformer.modules.pooling.Pooling";
  static final String NEW_NORMALIZE = "sentence_transformers.base.modules.normalize.Normalize";
  static final String NEW_DENSE = "sentence_transformers.base.modules.dense.Dense";

  static final String POOLED = list(TRANSFORMER, POOLING);
  static final String NORMALIZED = list(TRANSFORMER, POOLING, NORMALIZE);

  private Modules() {}

  /// Each module in its usual folder, such as `1_Pooling`.
  static String list(String... types) {
    List<String> entries = new ArrayList<>();
    for (String type : types) {
      int index = entries.size();
      String name = type.substring(type.lastIndexOf('.') + 1);
      entries.add(entry(index, index == 0 ? "" : index + "_" + name, type));
    }
    return entries.toString();
  }

  /// A transformer, and a pooling in a folder of any name.
  static String poolingAt(String folder) {
    return List.of(entry(0, "", TRANSFORMER), entry(1, folder, POOLING)).toString();
  }

  private static String entry(int index, String path, String type) {
    return "{\"idx\": %d, \"name\": \"%d\", \"path\": \"%s\", \"type\": \"%s\"}"
        .formatted(index, index, path, type);
  }
}

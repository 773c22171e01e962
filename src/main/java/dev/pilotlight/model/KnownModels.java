package dev.pilotlight.model;

import dev.pilotlight.model.head.PoolingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The pooling of published embedding models by exact name, for exports without their Pooling
/// module's configuration. Source of the pooling: `1_Pooling/config.json`, `modules.json` or the
/// model card of each.
final class KnownModels {
  /// How one model pools.
  ///
  /// @param name canonical: lower case, without owner
  /// @param normalised whether its vectors are brought to unit length: not those trained for the
  ///   dot product, nor those whose published modules end with the pooling; all others are, by our
  ///   default
  /// @param dense whether a Dense layer follows, whose weights are not in a graph of token vectors
  record Row(String name, PoolingMode pooling, boolean normalised, boolean dense) {}

  // suffixes that exporters append to the name of the same model
  private static final List<String> SUFFIXES =
      List.of("-onnx -q -int8 -uint8 -quantized -fp16 -fp32 -q4 -q8 -optimized".split(" ", -1));

  private static final Map<String, Row> ROWS = rows();

  private KnownModels() {}

  /// The rows, by canonical name.
  static Map<String, Row> all() {
    return ROWS;
  }

  /// The row of a name such as `BAAI/bge-small-en-v1.5`, `bge-small-en-v15-q` or a path that ends
  /// in one.
  static Optional<Row> find(String name) {
    String last = lastPart(name);
    for (String candidate : List.of(last, last.substring(last.indexOf('_') + 1))) {
      for (String stem : stems(candidate)) {
        Row row = ROWS.get(stem);
        if (row != null) {
          return Optional.of(row);
        }
      }
    }
    return Optional.empty();
  }

  private static String lastPart(String name) {
    String path = name.replace('\\', '/').replaceAll("/+$", "");
    return canonical(path.substring(path.lastIndexOf('/') + 1));
  }

  /// Folders are often named without the dots of a version.
  private static String canonical(String name) {
    return name.toLowerCase(Locale.ROOT).replace(".", "");
  }

  /// The name, with and without suffixes.
  private static List<String> stems(String name) {
    List<String> stems = new ArrayList<>(List.of(name));
    for (int i = 0; i < stems.size(); i++) {
      String stem = stems.get(i);
      SUFFIXES.stream()
          .filter(stem::endsWith)
          .forEach(suffix -> stems.add(stem.substring(0, stem.length() - suffix.length())));
    }
    return stems;
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new TreeMap<>();
    add(rows, PoolingMode.CLS, true, false, CLS);
    add(rows, PoolingMode.CLS, false, false, CLS_DOT);
    add(rows, PoolingMode.CLS, true, true, CLS_DENSE);
    add(rows, PoolingMode.MEAN, true, false, MEAN);
    add(rows, PoolingMode.MEAN, false, false, MEAN_PLAIN);
    add(rows, PoolingMode.MEAN, true, true, MEAN_DENSE);
    add(rows, PoolingMode.LASTTOKEN, true, false, LAST);
    return rows;
  }

  private static void add(
      Map<String, Row> rows, PoolingMode mode, boolean normalised, boolean dense, String names) {
    for (String name : names.split("\\s+", -1)) {
      rows.put(canonical(name), new Row(name, mode, normalised, dense));
    }
  }

  private static final String CLS =
      """
      bge-small-en bge-base-en bge-large-en bge-small-en-v1.5 bge-base-en-v1.5 bge-large-en-v1.5
      bge-small-zh bge-base-zh bge-large-zh bge-small-zh-v1.5 bge-base-zh-v1.5 bge-large-zh-v1.5
      bge-m3
      mxbai-embed-large-v1 mxbai-embed-2d-large-v1 uae-large-v1
      snowflake-arctic-embed-xs snowflake-arctic-embed-s snowflake-arctic-embed-m
      snowflake-arctic-embed-l snowflake-arctic-embed-m-long snowflake-arctic-embed-m-v1.5
      snowflake-arctic-embed-m-v2.0 snowflake-arctic-embed-l-v2.0
      gte-base-en-v1.5 gte-large-en-v1.5 gte-multilingual-base gte-modernbert-base
      granite-embedding-30m-english granite-embedding-125m-english
      granite-embedding-107m-multilingual granite-embedding-278m-multilingual
      granite-embedding-english-r2 granite-embedding-small-english-r2
      rubert-tiny2""";

  private static final String CLS_DOT =
      """
      multi-qa-mpnet-base-dot-v1 multi-qa-distilbert-dot-v1 multi-qa-minilm-l6-dot-v1
      msmarco-distilbert-base-tas-b""";

  private static final String CLS_DENSE = "labse";

  private static final String MEAN =
      """
      e5-small e5-base e5-large e5-small-v2 e5-base-v2 e5-large-v2
      e5-small-unsupervised e5-base-unsupervised e5-large-unsupervised
      multilingual-e5-small multilingual-e5-base multilingual-e5-large
      multilingual-e5-large-instruct
      all-minilm-l6-v1 all-minilm-l6-v2 all-minilm-l12-v1 all-minilm-l12-v2
      multi-qa-minilm-l6-cos-v1 msmarco-minilm-l6-cos-v5
      all-mpnet-base-v1 all-mpnet-base-v2 multi-qa-mpnet-base-cos-v1
      all-distilroberta-v1 multi-qa-distilbert-cos-v1
      mxbai-embed-xsmall-v1
      gte-small gte-base gte-large gte-tiny bge-micro-v2
      nomic-embed-text-v1 nomic-embed-text-v1.5 modernbert-embed-base modernbert-embed-large
      jina-embeddings-v2-small-en jina-embeddings-v2-base-en jina-embeddings-v2-base-de
      jina-embeddings-v2-base-es jina-embeddings-v2-base-zh jina-embeddings-v2-base-code""";

  // their modules.json has a Transformer and a Pooling only
  private static final String MEAN_PLAIN =
      """
      paraphrase-minilm-l3-v2 paraphrase-minilm-l6-v2 paraphrase-minilm-l12-v2
      paraphrase-multilingual-minilm-l12-v2
      paraphrase-mpnet-base-v2 paraphrase-multilingual-mpnet-base-v2
      paraphrase-distilroberta-base-v2 paraphrase-albert-small-v2""";

  private static final String MEAN_DENSE =
      """
      embeddinggemma-300m
      distiluse-base-multilingual-cased-v1 distiluse-base-multilingual-cased-v2
      clip-vit-b-32-multilingual-v1
      sentence-t5-base sentence-t5-large sentence-t5-xl sentence-t5-xxl
      gtr-t5-base gtr-t5-large gtr-t5-xl gtr-t5-xxl""";

  private static final String LAST =
      """
      qwen3-embedding-0.6b qwen3-embedding-4b qwen3-embedding-8b
      gte-qwen2-1.5b-instruct gte-qwen2-7b-instruct e5-mistral-7b-instruct
      bge-multilingual-gemma2 bge-en-icl""";
}

package dev.pilotlight.compatibility;

import dev.pilotlight.model.OnnxGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A model repository with one model, [#MODEL], whose version 1 most methods write into.
final class Folder {
  static final String MODEL = "m";
  static final String GRAPH = "model.onnx";
  static final String TOKENIZER = "tokenizer.json";
  static final String CONFIG = "config.json";
  static final String MODULES = "modules.json";
  static final String POOLING = "1_Pooling/config.json";
  static final String SENTENCE = "sentence_bert_config.json";
  static final String PROMPTS = "config_sentence_transformers.json";
  static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  static final String PILOTLIGHT = "pilotlight.json";

  private static final int SHOWN_CHARS_MAX = 240;

  /// Longer than a version waits for its upload to finish.
  private static final Duration AGE = Duration.ofHours(1);

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<String> shown = new ArrayList<>();
  private String version = MODEL + "/1/";

  /// An empty repository.
  static Folder empty() {
    return new Folder();
  }

  /// A graph alone.
  static Folder of(OnnxGraph graph) {
    return empty().graph(GRAPH, graph);
  }

  /// A graph with the tokenizer of [Words], which the documentation does not list.
  static Folder text(OnnxGraph graph) {
    Folder folder = of(graph);
    folder.shown.clear();
    return folder.silently(TOKENIZER, Words.JSON);
  }

  /// As [#text], pooled by the mean as modules.json and its pooling declare: not normalised.
  static Folder sentence(OnnxGraph graph) {
    return text(graph).pooled();
  }

  /// Modules of a transformer and a pooling by the mean.
  Folder pooled() {
    return silently(MODULES, Modules.POOLED).silently(POOLING, "{\"pooling_mode\": \"mean\"}");
  }

  /// The folder that further files go into, instead of `m/1`; empty for the repository itself.
  Folder at(String folder) {
    version = folder.isEmpty() ? "" : folder + "/";
    return this;
  }

  Folder graph(String file, OnnxGraph graph) {
    shown.add(path(file));
    files.put(version + file, graph.toBytes());
    return this;
  }

  Folder file(String file, String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    boolean isShort = !line.isEmpty() && line.length() <= SHOWN_CHARS_MAX;
    shown.add(path(file) + (isShort ? " " + Markdown.code(line) : ""));
    return silently(file, text);
  }

  Folder file(String file, byte[] bytes) {
    shown.add(path(file));
    files.put(version + file, bytes);
    return this;
  }

  /// An empty folder.
  Folder directory(String name) {
    return file(name + "/", new byte[0]);
  }

  Folder silently(String file, String text) {
    files.put(version + file, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /// Removes a file.
  Folder without(String file) {
    files.remove(version + file);
    shown.add("no " + path(file));
    return this;
  }

  private String path(String file) {
    return Markdown.code(version.equals(MODEL + "/1/") ? file : version + file);
  }

  /// The content, as Markdown.
  String description() {
    return shown.isEmpty() ? "graph and tokenizer" : String.join("<br>", shown);
  }

  /// Writes all files with a modification time in the past, so that the upload counts as complete.
  void write(Path root) {
    FileTime written = FileTime.from(Instant.now().minus(AGE));
    files.forEach(
        (name, bytes) -> {
          try {
            Path file = root.resolve(name);
            Files.createDirectories(name.endsWith("/") ? file : file.getParent());
            if (!name.endsWith("/")) {
              Files.setLastModifiedTime(Files.write(file, bytes), written);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}

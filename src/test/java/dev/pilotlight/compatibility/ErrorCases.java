package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.fails;

import dev.pilotlight.compatibility.Case.Group;
import dev.pilotlight.domain.tensor.Datatype;
import java.util.Arrays;

/// Files that are not what their names promise.
final class ErrorCases {
  static final String POINTER =
      """
      version https://git-lfs.github.com/spec/v1
      oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
      size 90405214
      """;

  private static final byte[] ZIP = {'P', 'K', 3, 4, 20, 0, 0, 0};

  private ErrorCases() {}

  static Group graphs() {
    return Group.of(
        "Graphs that are not graphs",
        Case.of("a Git-LFS pointer", graph(POINTER), fails("model.onnx", "Git LFS")),
        Case.of(
            "a web page",
            graph("<!DOCTYPE html><html><body>401</body></html>"),
            fails("model.onnx", "HTML")),
        Case.of("an archive", graph(ZIP), fails("model.onnx", "zip")),
        Case.of("an empty file", graph(new byte[0]), fails("model.onnx", "empty")),
        Case.of("any text", graph("not a graph"), fails("model.onnx")),
        Case.of(
            "a graph that is cut off",
            graph(Arrays.copyOf(Net.encoder().toBytes(), 300)),
            fails("model.onnx")),
        Case.of(
            "an operator that the runtime lacks",
            Folder.text(Net.standard().pooledThen("sentence_embedding", "Telepathy").graph()),
            fails("Telepathy")),
        Case.of(
            "no `input_ids`",
            Folder.sentence(Net.ids("ids", Datatype.INT64, "batch", "seq").hidden("out").graph()),
            fails("input_ids")));
  }

  static Group overrides() {
    return Group.of(
        "`pilotlight.json` and other configuration that is wrong",
        Case.of(
            "an unknown key", pilotlight("{\"max_token\": 8}"), fails("max_token", "max_tokens")),
        Case.of(
            "an unknown pooling", pilotlight("{\"pooling\": \"avg\"}"), fails("pooling", "mean")),
        Case.of(
            "an unknown task", pilotlight("{\"task\": \"rerank\"}"), fails("task", "embedding")),
        Case.of("no room for a text", pilotlight("{\"max_tokens\": 2}"), fails("no room")),
        Case.of("not JSON", pilotlight("{"), fails("pilotlight.json", "JSON")),
        Case.of("a list", pilotlight("[]"), fails("pilotlight.json")),
        Case.of("a truth value as text", pilotlight("{\"truncate\": \"yes\"}"), fails("truncate")),
        Case.of(
            "a text task without a tokenizer",
            Folder.of(Net.encoder()).file(Folder.PILOTLIGHT, "{\"task\": \"embedding\"}"),
            fails("tokenizer.json")),
        Case.of(
            "`config.json` is not JSON",
            Folder.text(Net.encoder()).file(Folder.CONFIG, "<html>"),
            fails("config.json", "JSON")),
        Case.of(
            "`modules.json` is not a list",
            Folder.text(Net.encoder()).file(Folder.MODULES, "{\"type\": 1}"),
            fails("modules.json")));
  }

  private static Folder pilotlight(String json) {
    return Folder.text(Net.encoder()).file(Folder.PILOTLIGHT, json);
  }

  private static Folder graph(String text) {
    return Folder.text(Net.encoder()).file("model.onnx", text);
  }

  private static Folder graph(byte[] bytes) {
    return Folder.text(Net.encoder()).file("model.onnx", bytes);
  }
}

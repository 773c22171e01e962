package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.answers;
import static dev.pilotlight.compatibility.Check.refuses;

import dev.pilotlight.compatibility.Case.Group;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.OnnxModels;

/// The names that requests use for a model.
final class NameCases {
  private static final String ALIASES = "{\"aliases\": [\"text-embedding-3-small\", \"org/e5\"]}";

  private NameCases() {}

  static Group group() {
    return Group.of(
        "Names",
        Case.of("the folder's name", one(), named("m")),
        Case.of(
            "an alias", one().file(Folder.PILOTLIGHT, ALIASES), named("text-embedding-3-small")),
        Case.of("an alias with a slash", one().file(Folder.PILOTLIGHT, ALIASES), named("org/e5")),
        Case.of("the part after the slash", one(), named("sentence-transformers/m")),
        Case.of("another letter case", one(), named("M")),
        Case.of(
            "no name: the first model of texts",
            one().at("a/1").graph("model.onnx", OnnxModels.identity(Datatype.FP32, "n")),
            answers(
                Request.post("/v1/embeddings", "{\"input\":\"hello world\"}"), "[1.0,1.25,0.5]")),
        Case.of(
                "no name: the default model",
                one()
                    .at("a/1")
                    .graph("model.onnx", Net.standard().pooled("sentence_embedding").graph())
                    .silently(Folder.TOKENIZER, Words.JSON)
                    .pooled(),
                answers(
                    Request.post("/v1/embeddings", "{\"input\":\"hello world\"}"),
                    "[1.0,1.25,0.5]"))
            .with("PILOTLIGHT_DEFAULT_MODEL", "m"),
        Case.of(
            "the exact name takes precedence over an alias",
            one()
                .at("n/1")
                .graph("model.onnx", Net.encoder())
                .silently(Folder.TOKENIZER, Words.JSON)
                .file(Folder.PILOTLIGHT, "{\"aliases\": [\"m\"]}"),
            answers(embedding("m"), "[1.0,1.25,0.5]")));
  }

  static Group conflicts() {
    return Group.of(
        "Names of two models, of none, and in paths",
        Case.of(
            "two models with the same alias",
            one()
                .file(Folder.PILOTLIGHT, "{\"aliases\": [\"small\"]}")
                .at("n/1")
                .graph("model.onnx", Net.encoder())
                .silently(Folder.TOKENIZER, Words.JSON)
                .file(Folder.PILOTLIGHT, "{\"aliases\": [\"small\"]}"),
            refuses(embedding("small"), 400, "m", "n")),
        Case.of(
            "two models that differ in letter case",
            Folder.empty()
                .at("Abc/1")
                .graph("model.onnx", Net.encoder())
                .silently(Folder.TOKENIZER, Words.JSON)
                .at("aBc/1")
                .graph("model.onnx", Net.encoder())
                .silently(Folder.TOKENIZER, Words.JSON),
            refuses(embedding("abc"), 400, "Abc", "aBc")),
        Case.of("an unknown name", one(), refuses(embedding("ghost"), 404, "ghost")),
        Case.of(
            "a slash in a path",
            one().file(Folder.PILOTLIGHT, ALIASES),
            answers(Request.get("/v2/models/org/e5"), "\"name\":\"org/e5\"")),
        Case.of(
            "an escaped slash in a path",
            one().file(Folder.PILOTLIGHT, ALIASES),
            answers(Request.get("/v2/models/org%2Fe5/ready"), "\"ready\":true")));
  }

  /// The answer echoes the name.
  private static Check named(String name) {
    return answers(embedding(name), "[1.0,1.25,0.5]", "\"model\":\"" + name + "\"");
  }

  private static Request embedding(String model) {
    return Request.post(
        "/v1/embeddings", "{\"model\":\"%s\",\"input\":\"hello world\"}".formatted(model));
  }

  private static Folder one() {
    return Folder.sentence(Net.encoder());
  }
}

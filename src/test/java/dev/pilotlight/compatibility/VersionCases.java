package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.answers;
import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.gives;
import static dev.pilotlight.compatibility.Check.refuses;
import static dev.pilotlight.compatibility.Check.warns;

import dev.pilotlight.compatibility.Case.Group;

/// Versions, complete ones and others, and folders that are none.
final class VersionCases {
  private static final double[] MEAN = {1, 1.25, 0.5};
  private static final String CONFIG = "{\"architectures\": [\"BertModel\"]}";

  private VersionCases() {}

  static Group group() {
    return Group.of(
        "Versions",
        Case.of(
            "the highest number answers",
            one()
                .at("m/2")
                .graph("model.onnx", other())
                .silently(Folder.TOKENIZER, Words.JSON)
                .pooled(),
            embeds(4, 5, 2)),
        Case.of(
            "10 is higher than 9",
            one()
                .at("m/9")
                .graph("model.onnx", Net.encoder())
                .at("m/10")
                .graph("model.onnx", other())
                .silently(Folder.TOKENIZER, Words.JSON)
                .pooled(),
            embeds(4, 5, 2)),
        Case.of("the newest is empty", one().at("m").directory("2"), embeds(MEAN)),
        Case.of(
            "the newest is a Git-LFS pointer",
            one()
                .at("m/2")
                .file("model.onnx", ErrorCases.POINTER)
                .file(Folder.TOKENIZER, Words.JSON),
            embeds(MEAN),
            answers(Request.get("/v2/models"), "\"version\":\"2\"", "UNAVAILABLE"),
            warns("Git LFS")),
        Case.of(
            "the newest has a pooling that is unknown",
            one()
                .at("m/2")
                .graph("model.onnx", Net.encoder())
                .silently(Folder.TOKENIZER, Words.JSON)
                .pooled()
                .file(Folder.POOLING, "{\"pooling_mode\": \"attention\"}"),
            embeds(MEAN),
            warns("attention")),
        Case.of(
            "the newest has no tokenizer yet",
            one().at("m/2").graph("model.onnx", Net.encoder()).file(Folder.CONFIG, CONFIG),
            embeds(MEAN)));
  }

  static Group folders() {
    return Group.of(
        "Incomplete folders, and folders that are ignored",
        Case.of(
            "a text graph without a tokenizer is incomplete",
            Folder.of(Net.encoder()).file(Folder.CONFIG, CONFIG),
            fails("tokenizer.json")),
        Case.of(
            "a text graph without a tokenizer, declared as tensors",
            Folder.of(Net.encoder())
                .file(Folder.CONFIG, CONFIG)
                .file(Folder.PILOTLIGHT, "{\"task\": \"tensors\"}"),
            answers(
                Request.tensors(
                    "{\"name\":\"input_ids\",\"datatype\":\"INT64\",\"shape\":[1,1],\"data\":[4]},"
                        + "{\"name\":\"attention_mask\",\"datatype\":\"INT64\",\"shape\":[1,1],"
                        + "\"data\":[1]}"),
                "\"shape\":[1,1,3]",
                "\"data\":[3.0,4.0,0.0]")),
        Case.of("a file `.complete`", one().file(".complete", ""), embeds(MEAN)),
        Case.of(
            "`v1` is not a version",
            one().at("m/v1").file("model.onnx", "not a graph"),
            embeds(MEAN),
            warns("v1")),
        Case.of(
            "a model's name with a space",
            one().at("my model/1").file("model.onnx", "not a graph"),
            embeds(MEAN),
            warns("my model")),
        Case.of(
            "a model is asked by version",
            one().at("m/2").graph("model.onnx", other()),
            answers(Request.get("/v2/models/m/versions/1"), "\"versions\":[\"2\",\"1\"]"),
            answers(Request.get("/v2/models/m/versions/latest"), "\"versions\":[\"2\",\"1\"]"),
            answers(
                Request.post(
                    "/v2/models/m/versions/latest/infer",
                    "{\"inputs\":[{\"name\":\"input_ids\",\"datatype\":\"INT64\",\"shape\":[1,1],"
                        + "\"data\":[4]},{\"name\":\"attention_mask\",\"datatype\":\"INT64\","
                        + "\"shape\":[1,1],\"data\":[1]}]}"),
                "\"model_version\":\"2\""),
            refuses(Request.get("/v2/models/m/versions/3"), 404, "3")),
        Case.of(
            "a broken model next to one that works",
            one().at("a/1").file("model.onnx", "not a graph"),
            gives(Request.embed(Check.TEXT), MEAN)));
  }

  private static Folder one() {
    return Folder.sentence(Net.encoder());
  }

  private static dev.pilotlight.model.OnnxGraph other() {
    return Net.standard().pooled("sentence_embedding").graph();
  }
}

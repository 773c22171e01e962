package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.answers;
import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.refuses;

import dev.pilotlight.compatibility.Case.Group;

/// Which files of a folder are used.
final class FileCases {
  private static final double[] MEAN = {1, 1.25, 0.5};

  private FileCases() {}

  static Group graphs() {
    return Group.of(
        "Where the graph is",
        Case.of("`onnx/model.onnx`", at("onnx/model.onnx"), embeds(MEAN)),
        Case.of("`onnx/model_quantized.onnx` alone", at("onnx/model_quantized.onnx"), embeds(MEAN)),
        Case.of("`onnx/model_int8.onnx` alone", at("onnx/model_int8.onnx"), embeds(MEAN)),
        Case.of("`onnx/model_fp16.onnx` alone", at("onnx/model_fp16.onnx"), embeds(MEAN)),
        Case.of("`onnx/model_O3.onnx` alone", at("onnx/model_O3.onnx"), embeds(MEAN)),
        Case.of(
            "`onnx/model_qint8_avx512_vnni.onnx` alone",
            at("onnx/model_qint8_avx512_vnni.onnx"),
            embeds(MEAN)),
        Case.of("`model_optimized.onnx` alone", at("model_optimized.onnx"), embeds(MEAN)));
  }

  static Group several() {
    return Group.of(
        "Several graphs",
        Case.of(
            "`model.onnx` takes precedence over its variants",
            at("onnx/model.onnx").file("onnx/model_q4.onnx", "not a graph"),
            embeds(MEAN)),
        Case.of(
            "several variants and no choice",
            at("onnx/model_int8.onnx").graph("onnx/model_fp16.onnx", Net.encoder()),
            fails("onnx/model_fp16.onnx", "onnx/model_int8.onnx", "\"graph\"")),
        Case.of(
            "several variants, one chosen",
            at("onnx/model_int8.onnx")
                .file("onnx/model_fp16.onnx", "not a graph")
                .file(Folder.PILOTLIGHT, "{\"graph\": \"onnx/model_int8.onnx\"}"),
            embeds(MEAN)),
        Case.of(
            "another graph than `model.onnx`, chosen",
            at("model.onnx")
                .graph("model_O2.onnx", Net.standard().pooled("sentence_embedding").graph())
                .file(Folder.PILOTLIGHT, "{\"graph\": \"model_O2.onnx\"}"),
            embeds(4, 5, 2)));
  }

  static Group notGraphs() {
    return Group.of(
        "Choices that do not work, and files next to the graph",
        Case.of(
            "a chosen graph that is absent",
            at("model.onnx").file(Folder.PILOTLIGHT, "{\"graph\": \"model_O2.onnx\"}"),
            fails("model_O2.onnx")),
        Case.of(
            "a chosen graph outside the folder",
            at("model.onnx").file(Folder.PILOTLIGHT, "{\"graph\": \"../2/model.onnx\"}"),
            fails("../2/model.onnx")),
        Case.of(
            "other formats and leftovers next to the graph",
            at("onnx/model.onnx")
                .file("openvino/openvino_model.xml", "<net/>")
                .file("pytorch_model.bin", "weights")
                .file("README.md", "# m")
                .file(".DS_Store", "x")
                .at("m")
                .file("config.pbtxt", "backend: \"onnxruntime\"")
                .file(".DS_Store", "x")
                .at("")
                .file(".DS_Store", "x"),
            embeds(MEAN)),
        Case.of(
            "a byte-order mark before the JSON of Windows' editors",
            at("model.onnx").file(Folder.POOLING, "\uFEFF{\"pooling_mode\": \"cls\"}"),
            embeds(1, 0, 0)),
        Case.of(
            "an encoder and a decoder",
            Folder.empty()
                .graph("encoder_model.onnx", Net.encoder())
                .graph("decoder_model.onnx", Net.encoder())
                .file(Folder.TOKENIZER, Words.JSON),
            fails("decoder_model.onnx", "encoder_model.onnx")),
        Case.of(
            "a graph straight in the model's folder is version 1",
            Folder.empty()
                .at("m")
                .graph("model.onnx", Net.encoder())
                .file(Folder.TOKENIZER, Words.JSON)
                .pooled(),
            embeds(MEAN),
            answers(Request.get("/v2/models/m"), "\"versions\":[\"1\"]")),
        Case.of(
            "other weights only",
            Folder.empty().file("model.safetensors", "{}").file(Folder.TOKENIZER, Words.JSON),
            refuses(Request.infer(Check.TEXT), 503, ".onnx file")));
  }

  static Group externalData() {
    return Group.of(
        "External data",
        Case.of("`model.onnx_data`", external("model.onnx_data"), embeds(MEAN)),
        Case.of("`model.onnx.data`", external("model.onnx.data"), embeds(MEAN)),
        Case.of("a name that ends in `.safetensors`", external("table.safetensors"), embeds(MEAN)),
        Case.of("a name that ends in `.json`", external("table.json"), embeds(MEAN)),
        Case.of("a name that starts with a dot", external(".table"), embeds(MEAN)),
        Case.of("a subfolder", external("weights/table.bin"), embeds(MEAN)),
        Case.of(
            "next to a graph in `onnx`",
            Folder.empty()
                .graph(
                    "onnx/model.onnx",
                    Net.idsWithTableIn("model.onnx_data").hidden("last_hidden_state").graph())
                .file("onnx/model.onnx_data", Net.tableBytes())
                .silently(Folder.TOKENIZER, Words.JSON)
                .pooled(),
            embeds(MEAN)),
        Case.of("missing", graphWithTableIn("model.onnx_data"), fails("model.onnx_data")),
        Case.of(
            "too short",
            graphWithTableIn("model.onnx_data").file("model.onnx_data", "short"),
            fails("external data", "5 bytes")),
        Case.of(
            "a Git-LFS pointer",
            graphWithTableIn("model.onnx_data").file("model.onnx_data", ErrorCases.POINTER),
            fails("model.onnx_data")),
        Case.of(
            "outside the folder",
            graphWithTableIn("../table.bin").at("m").file("table.bin", Net.tableBytes()),
            fails("../table.bin")),
        Case.of("an absolute path", graphWithTableIn("/etc/hostname"), fails("/etc/hostname")),
        Case.of(
                "unused data and pictures do not count",
                at("onnx/model.onnx")
                    .file("onnx/model_q4.onnx_data", new byte[1 << 20])
                    .file("logo.png", new byte[1 << 20])
                    .file("pytorch_model.bin", new byte[1 << 20]),
                embeds(MEAN))
            .with("PILOTLIGHT_MODEL_BYTES_MAX", "1000000"));
  }

  private static Folder external(String location) {
    return graphWithTableIn(location).file(location, Net.tableBytes());
  }

  private static Folder graphWithTableIn(String location) {
    return Folder.sentence(Net.idsWithTableIn(location).hidden("last_hidden_state").graph());
  }

  private static Folder at(String graph) {
    return Folder.empty()
        .graph(graph, Net.encoder())
        .silently(Folder.TOKENIZER, Words.JSON)
        .pooled();
  }
}

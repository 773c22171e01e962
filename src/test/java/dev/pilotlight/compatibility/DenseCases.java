package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.shows;
import static dev.pilotlight.compatibility.Check.unit;

import dev.pilotlight.compatibility.Case.Group;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A Dense module after the pooling. Its first output is the sum of the first and third place plus
/// one half, its second twice the second place less one.
final class DenseCases {
  private static final String CONFIG = "2_Dense/config.json";
  private static final String WEIGHTS = "2_Dense/model.safetensors";
  private static final String IDENTITY = "torch.nn.modules.linear.Identity";
  private static final float[] MATRIX = {1, 0, 1, 0, 2, 0};
  private static final double[] SUM = {4, 5, 2};
  private static final float[] BIAS = {0.5f, -1};

  /// The third place to the first output, the first place to the second.
  private static final float[] RESIDUAL = {0, 0, 1, 1, 0, 0};

  /// The length of the pooled vector.
  private static final double LENGTH = Math.sqrt(1 + 1.25 * 1.25 + 0.5 * 0.5);

  private DenseCases() {}

  static Group group() {
    return Group.of(
        "A Dense module (here: `x + z + 0.5`, `2y - 1`)",
        Case.of(
            "no activation",
            dense(activation(IDENTITY)).file(WEIGHTS, safetensors()),
            embeds(2, 1.5),
            shows("dimensions", "2", "")),
        Case.of(
            "normalised afterwards",
            dense(activation(IDENTITY))
                .file(WEIGHTS, safetensors())
                .file(Folder.MODULES, modules(Modules.DENSE, Modules.NORMALIZE)),
            embeds(unit(2, 1.5))),
        Case.of(
            "normalised before",
            dense(activation(IDENTITY))
                .file(
                    "3_Dense/config.json", "{\"activation_function\": \"%s\"}".formatted(IDENTITY))
                .file("3_Dense/model.safetensors", safetensors())
                .file(Folder.MODULES, modules(Modules.NORMALIZE, Modules.DENSE)),
            embeds((1 + 0.5) / LENGTH + 0.5, 2 * 1.25 / LENGTH - 1)),
        Case.of(
            "weights in FP16", dense(activation(IDENTITY)).file(WEIGHTS, halves()), embeds(2, 1.5)),
        Case.of(
            "Tanh, where nothing else is named",
            dense("").file(WEIGHTS, safetensors()),
            embeds(Math.tanh(2), Math.tanh(1.5))),
        Case.of(
            "Tanh by name",
            dense(activation("torch.nn.modules.activation.Tanh")).file(WEIGHTS, safetensors()),
            embeds(Math.tanh(2), Math.tanh(1.5))),
        Case.of(
            "another activation",
            dense(activation("torch.nn.modules.activation.GELU")).file(WEIGHTS, safetensors()),
            fails("GELU", CONFIG)),
        Case.of(
            "weights in a pickle only",
            dense(activation(IDENTITY)).file("2_Dense/pytorch_model.bin", "pickle"),
            fails("2_Dense", "safetensors")),
        Case.of("no weights", dense(activation(IDENTITY)), fails("2_Dense", "safetensors")),
        Case.of(
            "weights of another size",
            dense(activation(IDENTITY))
                .file(WEIGHTS, safetensors())
                .file(CONFIG, "{\"in_features\": 4, \"out_features\": 2, \"bias\": true}"),
            fails("2_Dense")),
        Case.of(
            "a residual connection, which adds `z`, `x`",
            dense(activation(IDENTITY) + ", \"use_residual\": true").file(WEIGHTS, safetensors()),
            embeds(2.5, 2.5)),
        Case.of(
            "on the tokens' vectors instead of the embedding",
            dense(activation(IDENTITY) + ", \"module_input_name\": \"token_embeddings\"")
                .file(WEIGHTS, safetensors()),
            fails("module_input_name")));
  }

  static Group pooled() {
    return Group.of(
        "A Dense module, and an output that the graph pooled itself (3 dimensions)",
        Case.of(
            "as long as after the Dense module: it is in the graph",
            pooled("text_embeds", "\"in_features\": 5, \"out_features\": 3"),
            embeds(SUM)),
        Case.of(
            "as long as before it: it is not",
            pooled("sentence_embedding", "\"in_features\": 3, \"out_features\": 2"),
            fails("sentence_embedding", "3 dimensions", "Dense")),
        Case.of(
            "both lengths are the same, and the name is not sentence-transformers' own",
            pooled("text_embeds", "\"in_features\": 3, \"out_features\": 3"),
            fails("text_embeds", "Dense")),
        Case.of(
            "both lengths are the same, and the name is",
            pooled("sentence_embedding", "\"in_features\": 3, \"out_features\": 3"),
            embeds(SUM)),
        Case.of(
            "normalised before the Dense module, not after",
            pooled("sentence_embedding", "\"in_features\": 5, \"out_features\": 3")
                .file(Folder.MODULES, modules(Modules.NORMALIZE, Modules.DENSE))
                .file("3_Dense/config.json", "{\"in_features\": 5, \"out_features\": 3}"),
            embeds(SUM),
            shows("normalised", "false", Folder.MODULES)),
        Case.of(
            "vectors of tokens, normalised before the Dense module, and `normalise: false`",
            dense(activation(IDENTITY))
                .file(
                    "3_Dense/config.json", "{\"activation_function\": \"%s\"}".formatted(IDENTITY))
                .file("3_Dense/model.safetensors", safetensors())
                .file(Folder.MODULES, modules(Modules.NORMALIZE, Modules.DENSE))
                .file(Folder.PILOTLIGHT, "{\"normalise\": false}"),
            embeds((1 + 0.5) / LENGTH + 0.5, 2 * 1.25 / LENGTH - 1)));
  }

  private static Folder pooled(String output, String sizes) {
    return Folder.text(Net.standard().pooled(output).graph())
        .silently(Folder.MODULES, Modules.list(Modules.TRANSFORMER, Modules.POOLING, Modules.DENSE))
        .file(CONFIG, "{" + sizes + "}");
  }

  private static String modules(String third, String fourth) {
    return Modules.list(Modules.TRANSFORMER, Modules.POOLING, third, fourth);
  }

  private static String activation(String name) {
    return ", \"activation_function\": \"%s\"".formatted(name);
  }

  private static Folder dense(String more) {
    return Folder.text(Net.encoder())
        .silently(Folder.MODULES, Modules.list(Modules.TRANSFORMER, Modules.POOLING, Modules.DENSE))
        .silently(Folder.POOLING, "{\"pooling_mode\": \"mean\"}")
        .file(
            CONFIG, "{\"in_features\": 3, \"out_features\": 2, \"bias\": true%s}".formatted(more));
  }

  /// Source of the form: <https://github.com/huggingface/safetensors>, `README.md`.
  private static byte[] safetensors() {
    byte[] header =
        """
        {"linear.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
         "linear.bias": {"dtype": "F32", "shape": [2], "data_offsets": [24, 32]},
         "residual.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [32, 56]}}"""
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(longs(header.length));
    file.writeBytes(header);
    file.writeBytes(floats(MATRIX));
    file.writeBytes(floats(BIAS));
    file.writeBytes(floats(RESIDUAL));
    return file.toByteArray();
  }

  private static byte[] halves() {
    byte[] header =
        """
        {"linear.weight": {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]},
         "linear.bias": {"dtype": "F16", "shape": [2], "data_offsets": [12, 16]}}"""
            .getBytes(StandardCharsets.UTF_8);
    byte[] values = new byte[(MATRIX.length + BIAS.length) * Short.BYTES];
    ByteBuffer buffer = little(values);
    for (float[] part : List.of(MATRIX, BIAS)) {
      for (float value : part) {
        buffer.putShort(Float.floatToFloat16(value));
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(longs(header.length));
    file.writeBytes(header);
    file.writeBytes(values);
    return file.toByteArray();
  }

  private static byte[] floats(float[] values) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    little(bytes).asFloatBuffer().put(values);
    return bytes;
  }

  private static byte[] longs(long value) {
    byte[] bytes = new byte[Long.BYTES];
    little(bytes).putLong(value);
    return bytes;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

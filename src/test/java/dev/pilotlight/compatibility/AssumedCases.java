package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.answers;
import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.gives;
import static dev.pilotlight.compatibility.Check.shows;
import static dev.pilotlight.compatibility.Check.unit;
import static dev.pilotlight.compatibility.Check.warns;

import dev.pilotlight.compatibility.Case.Group;

/// Exports without a pooling file, as most ONNX repositories are.
final class AssumedCases {
  private static final double[] MEAN = unit(1, 1.25, 0.5);

  private AssumedCases() {}

  static Group group() {
    return Group.of(
        "No pooling file",
        Case.of(
            "`_name_or_path` is in the table: cls",
            from("BAAI/bge-small-en-v1.5"),
            embeds(1, 0, 0),
            shows("pooling", "cls", "table")),
        Case.of(
            "`_name_or_path`: mxbai large",
            from("mixedbread-ai/mxbai-embed-large-v1"),
            embeds(1, 0, 0)),
        Case.of(
            "`_name_or_path`: mxbai xsmall",
            from("mixedbread-ai/mxbai-embed-xsmall-v1"),
            embeds(MEAN)),
        Case.of(
            "`_name_or_path`: arctic", from("Snowflake/snowflake-arctic-embed-s"), embeds(1, 0, 0)),
        Case.of(
            "`_name_or_path`: e5",
            from("intfloat/e5-small-v2"),
            embeds(MEAN),
            shows("pooling", "mean", "table")),
        Case.of("`_name_or_path`: gte", from("thenlper/gte-small"), embeds(MEAN)),
        Case.of(
            "`_name_or_path`: MiniLM",
            from("sentence-transformers/all-MiniLM-L6-v2"),
            embeds(MEAN)),
        Case.of(
            "the folder's name is in the table",
            Folder.text(Net.encoder())
                .at("bge-small-en-v1.5/1")
                .graph(Folder.GRAPH, Net.encoder())
                .silently(Folder.TOKENIZER, Words.JSON)
                .file(Folder.CONFIG, "{\"architectures\": [\"BertModel\"]}"),
            gives(
                Request.post(
                    "/v1/embeddings",
                    "{\"model\":\"bge-small-en-v1.5\",\"input\":\"hello world\"}"),
                1,
                0,
                0)));
  }

  static Group assumed() {
    return Group.of(
        "Pooling that is assumed or set",
        Case.of(
            "an unknown encoder: mean, and a warning",
            from("nobody/nothing"),
            embeds(MEAN),
            shows("pooling", "mean", "assumed"),
            shows("normalised", "true", "assumed"),
            shows("task", "embedding", ""),
            warns("pooling", "mean", "assumed")),
        Case.of(
            "a decoder: last token, and a warning",
            Folder.text(Net.encoder())
                .file(Folder.CONFIG, "{\"architectures\": [\"Qwen3ForCausalLM\"]}"),
            embeds(0, 1, 0),
            shows("pooling", "lasttoken", "assumed"),
            warns("pooling", "lasttoken", "assumed")),
        Case.of(
            "no configuration at all",
            Folder.text(Net.encoder()),
            embeds(MEAN),
            shows("pooling", "mean", "assumed")),
        Case.of(
            "`pilotlight.json` names the pooling",
            from("nobody/nothing")
                .file(Folder.PILOTLIGHT, "{\"pooling\": \"cls\", \"normalise\": false}"),
            embeds(1, 0, 0),
            shows("pooling", "cls", Folder.PILOTLIGHT)),
        Case.of(
            "`pilotlight.json` names the last token by its short name",
            from("nobody/nothing").file(Folder.PILOTLIGHT, "{\"pooling\": \"last\"}"),
            embeds(0, 1, 0),
            shows("pooling", "lasttoken", Folder.PILOTLIGHT)),
        Case.of(
            "`pilotlight.json` takes precedence over 1_Pooling",
            Folder.sentence(Net.encoder())
                .file(Folder.POOLING, "{\"pooling_mode\": \"mean\"}")
                .file(Folder.PILOTLIGHT, "{\"pooling\": \"max\"}"),
            embeds(3, 4, 2)),
        Case.of(
            "assumptions are shown in OpenAI's list, too",
            from("nobody/nothing"),
            embeds(MEAN),
            answers(Request.get("/v1/models"), "pooling", "assumed")));
  }

  private static Folder from(String name) {
    return Folder.text(Net.encoder())
        .file(
            Folder.CONFIG,
            "{\"architectures\": [\"BertModel\"], \"_name_or_path\": \"%s\"}".formatted(name));
  }
}

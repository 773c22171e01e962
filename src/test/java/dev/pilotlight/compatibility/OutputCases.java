package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.shows;
import static dev.pilotlight.compatibility.Check.unit;

import dev.pilotlight.compatibility.Case.Group;
import dev.pilotlight.domain.tensor.Datatype;

/// Which of a graph's outputs is the embedding.
final class OutputCases {
  private static final String HIDDEN = "last_hidden_state";
  private static final String POOLED = "sentence_embedding";
  private static final double[] MEAN = {1, 1.25, 0.5};
  private static final double[] SUM = {4, 5, 2};
  private static final Object[] UNDECLARED = {Net.ANY_RANK};

  private OutputCases() {}

  static Group pooled() {
    return Group.of(
        "Outputs that the graph pooled itself (here: the sum of the tokens' vectors)",
        Case.of(
            "`token_embeddings` and `sentence_embedding`",
            sentence(Net.standard().hidden("token_embeddings").pooled(POOLED)),
            embeds(SUM),
            shows("output", POOLED, "graph")),
        Case.of(
            "`sentence_embedding` without configuration: normalised",
            Folder.text(Net.standard().pooled(POOLED).graph()),
            embeds(unit(SUM))),
        Case.of(
            "`text_embeds` and `last_hidden_state`, as CLIP's text graph",
            sentence(Net.standard().hidden(HIDDEN).pooled("text_embeds")),
            embeds(SUM)),
        Case.of(
            "`embeddings` of rank 2", sentence(Net.standard().pooled("embeddings")), embeds(SUM)),
        Case.of(
            "a lone output of rank 2 of any name",
            sentence(Net.standard().pooled("out")),
            embeds(SUM)),
        Case.of(
            "`sentence_embedding` takes precedence over other names",
            sentence(Net.standard().hidden("embeddings").pooled("text_embeds").pooled(POOLED)),
            embeds(SUM),
            shows("output", POOLED, "graph")),
        Case.of(
            "`pooler_output` next to `last_hidden_state` is not the embedding",
            sentence(Net.standard().pooled("pooler_output").hidden(HIDDEN)),
            embeds(MEAN)));
  }

  static Group pooledForms() {
    return Group.of(
        "Outputs that the graph pooled itself: modules, types and sizes",
        Case.of(
            "two outputs of rank 2, neither known",
            sentence(Net.standard().pooled("first").pooled("second")),
            fails("first", "second")),
        Case.of(
            "`sentence_embedding` holds the Dense module already",
            Folder.text(Net.standard().hidden("token_embeddings").pooled(POOLED).graph())
                .file(
                    Folder.MODULES,
                    Modules.list(Modules.TRANSFORMER, Modules.POOLING, Modules.DENSE)),
            embeds(SUM)),
        Case.of(
            "`sentence_embedding` holds the pooling already",
            sentence(Net.standard().pooled(POOLED))
                .file(Folder.POOLING, "{\"pooling_mode\": \"cls\"}"),
            embeds(SUM)),
        Case.of(
            "`sentence_embedding` in FP16",
            sentence(Net.standard().pooled(POOLED, Datatype.FP16, "batch", Words.SIZE)),
            embeds(SUM)),
        Case.of(
            "`sentence_embedding` in FP64",
            sentence(Net.standard().pooled(POOLED, Datatype.FP64, "batch", Words.SIZE)),
            embeds(SUM)),
        Case.of(
            "`sentence_embedding` whose size is not declared",
            sentence(Net.standard().pooled(POOLED, Datatype.FP32, "batch", "size")),
            embeds(SUM),
            shows("dimensions", "3", "")),
        Case.of(
            "`sentence_embedding` without a declared rank",
            sentence(Net.standard().pooled(POOLED, Datatype.FP32, UNDECLARED)),
            embeds(SUM)));
  }

  static Group hidden() {
    return Group.of(
        "Outputs with a vector per token",
        Case.of("`last_hidden_state`", sentence(Net.standard().hidden(HIDDEN)), embeds(MEAN)),
        Case.of(
            "`token_embeddings`",
            sentence(Net.standard().hidden("token_embeddings")),
            embeds(MEAN)),
        Case.of("`output_0`", sentence(Net.standard().hidden("output_0")), embeds(MEAN)),
        Case.of("any other name", sentence(Net.standard().hidden("1234")), embeds(MEAN)),
        Case.of(
            "`sentence_embedding` of rank 3",
            sentence(Net.standard().hidden(POOLED)),
            embeds(MEAN)),
        Case.of(
            "`embeddings` of rank 3", sentence(Net.standard().hidden("embeddings")), embeds(MEAN)),
        Case.of(
            "`text_embeds` of rank 3",
            sentence(Net.standard().hidden("text_embeds")),
            embeds(MEAN)),
        Case.of(
            "`last_hidden_state` without a declared rank",
            sentence(Net.standard().hidden(HIDDEN, Datatype.FP32, UNDECLARED)),
            embeds(MEAN)),
        Case.of(
            "an unknown name without a declared rank",
            sentence(Net.standard().hidden("out", Datatype.FP32, UNDECLARED)),
            embeds(MEAN)),
        Case.of(
            "`last_hidden_state` in FP16",
            sentence(Net.standard().hidden(HIDDEN, Datatype.FP16, "batch", "seq", Words.SIZE)),
            embeds(MEAN)),
        Case.of(
            "`last_hidden_state` in FP64",
            sentence(Net.standard().hidden(HIDDEN, Datatype.FP64, "batch", "seq", Words.SIZE)),
            embeds(MEAN)),
        Case.of(
            "`last_hidden_state` whose size is not declared",
            sentence(Net.standard().hidden(HIDDEN, Datatype.FP32, "batch", "seq", "size")),
            embeds(MEAN),
            shows("dimensions", "3", "")),
        Case.of(
            "hidden states of several layers, the last one named",
            sentence(Net.standard().hidden("hidden_states.0").hidden(HIDDEN)),
            embeds(MEAN)),
        Case.of(
            "two outputs, neither known",
            sentence(Net.standard().hidden("layer_0").hidden("layer_1")),
            fails("layer_0", "layer_1")),
        Case.of(
            "only integers",
            sentence(Net.standard().hidden("tokens", Datatype.INT64, "batch", "seq", Words.SIZE)),
            fails("tokens")));
  }

  private static Folder sentence(Net net) {
    return Folder.sentence(net.graph());
  }
}

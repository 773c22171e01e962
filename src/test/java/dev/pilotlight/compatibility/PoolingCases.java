package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.shows;
import static dev.pilotlight.compatibility.Check.unit;

import dev.pilotlight.compatibility.Case.Group;

/// The pooling that an export declares, in every form that sentence-transformers has written.
final class PoolingCases {
  private static final String DIMENSION = "\"word_embedding_dimension\": 3";

  private PoolingCases() {}

  static Group legacy() {
    return Group.of(
        "Pooling, declared by booleans (sentence-transformers before 5.4)",
        Case.of("one boolean: cls", booleans("cls_token"), embeds(1, 0, 0)),
        Case.of("one boolean: max", booleans("max_tokens"), embeds(3, 4, 2)),
        Case.of(
            "one boolean: mean",
            booleans("mean_tokens"),
            embeds(1, 1.25, 0.5),
            shows("pooling", "mean", Folder.POOLING)),
        Case.of(
            "one boolean: mean over the square root of the length",
            booleans("mean_sqrt_len_tokens"),
            embeds(2, 2.5, 1)),
        Case.of(
            "one boolean: mean weighted by position",
            booleans("weightedmean_tokens"),
            embeds(0.7, 1.2, 0.6)),
        Case.of("one boolean: last token", booleans("lasttoken"), embeds(0, 1, 0)),
        Case.of(
            "two booleans, concatenated in a fixed order, independent of the order of the keys",
            booleans("mean_tokens", "cls_token"),
            embeds(1, 0, 0, 1, 1.25, 0.5),
            shows("dimensions", "6", "")),
        Case.of(
            "all six booleans",
            booleans(
                "lasttoken",
                "weightedmean_tokens",
                "mean_sqrt_len_tokens",
                "mean_tokens",
                "max_tokens",
                "cls_token"),
            embeds(1, 0, 0, 3, 4, 2, 1, 1.25, 0.5, 2, 2.5, 1, 0.7, 1.2, 0.6, 0, 1, 0)),
        Case.of(
            "all booleans false: mean",
            pooling(
                "{%s, \"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": false}"
                    .formatted(DIMENSION)),
            embeds(1, 1.25, 0.5)),
        Case.of(
            "no mode at all: mean", pooling("{%s}".formatted(DIMENSION)), embeds(1, 1.25, 0.5)));
  }

  static Group named() {
    return Group.of(
        "Pooling, declared by name (sentence-transformers 5.4 and later)",
        Case.of("`cls`", mode("\"cls\""), embeds(1, 0, 0), shows("pooling", "cls", Folder.POOLING)),
        Case.of("`max`", mode("\"max\""), embeds(3, 4, 2)),
        Case.of("`mean`", mode("\"mean\""), embeds(1, 1.25, 0.5)),
        Case.of("`mean_sqrt_len_tokens`", mode("\"mean_sqrt_len_tokens\""), embeds(2, 2.5, 1)),
        Case.of("`weightedmean`", mode("\"weightedmean\""), embeds(0.7, 1.2, 0.6)),
        Case.of("`lasttoken`", mode("\"lasttoken\""), embeds(0, 1, 0)),
        Case.of(
            "a list, concatenated in its order",
            mode("[\"mean\", \"cls\"]"),
            embeds(1, 1.25, 0.5, 1, 0, 0)),
        Case.of("a list of one", mode("[\"max\"]"), embeds(3, 4, 2)),
        Case.of(
            "both forms: the name takes precedence",
            pooling(
                "{\"pooling_mode\": \"cls\", \"pooling_mode_mean_tokens\": true, %s}"
                    .formatted(DIMENSION)),
            embeds(1, 0, 0)),
        Case.of("an unknown name", mode("\"attention\""), fails("attention", Folder.POOLING)),
        Case.of("a list with an unknown name", mode("[\"cls\", \"median\"]"), fails("median")),
        Case.of("a mode that is not a name", mode("7"), fails("pooling_mode")),
        Case.of(
            "a last token without special tokens",
            mode("\"lasttoken\"").file(Folder.TOKENIZER, Words.BARE),
            embeds(0, 0, 2)));
  }

  static Group modules() {
    return Group.of(
        "The list of modules",
        Case.of(
            "with normalisation",
            mode("\"mean\"").file(Folder.MODULES, Modules.NORMALIZED),
            embeds(unit(1, 1.25, 0.5)),
            shows("normalised", "true", Folder.MODULES)),
        Case.of(
            "without normalisation",
            mode("\"mean\"").file(Folder.MODULES, Modules.POOLED),
            embeds(1, 1.25, 0.5),
            shows("normalised", "false", Folder.MODULES)),
        Case.of(
            "with the full names since 5.4",
            mode("\"cls\"")
                .file(
                    Folder.MODULES,
                    Modules.list(
                        Modules.NEW_TRANSFORMER, Modules.NEW_POOLING, Modules.NEW_NORMALIZE)),
            embeds(1, 0, 0)),
        Case.of(
            "pooling in a folder of another number",
            Folder.text(Net.encoder())
                .file(Folder.MODULES, Modules.poolingAt("2_Pooling"))
                .file("2_Pooling/config.json", "{\"pooling_mode\": \"cls\"}"),
            embeds(1, 0, 0),
            shows("pooling", "cls", "2_Pooling/config.json")),
        Case.of(
            "a pooling module without its folder",
            Folder.text(Net.encoder()).file(Folder.MODULES, Modules.POOLED),
            fails(Folder.MODULES, Folder.POOLING)),
        Case.of(
            "pooling in a folder of any name, next to an unused 1_Pooling",
            mode("\"max\"")
                .file(Folder.MODULES, Modules.poolingAt("pool"))
                .file("pool/config.json", "{\"pooling_mode\": \"lasttoken\"}"),
            embeds(0, 1, 0)),
        Case.of(
            "dropout, which does nothing at inference",
            mode("\"mean\"").file(Folder.MODULES, withModule("Dropout")),
            embeds(1, 1.25, 0.5)));
  }

  static Group otherModules() {
    return Group.of(
        "Modules that are not applied",
        Case.of(
            "a layer norm",
            mode("\"mean\"").file(Folder.MODULES, withModule("LayerNorm")),
            named("LayerNorm")),
        Case.of(
            "an LSTM", mode("\"mean\"").file(Folder.MODULES, withModule("LSTM")), named("LSTM")),
        Case.of("a CNN", mode("\"mean\"").file(Folder.MODULES, withModule("CNN")), named("CNN")),
        Case.of(
            "weighted layers",
            mode("\"mean\"").file(Folder.MODULES, withModule("WeightedLayerPooling")),
            named("WeightedLayerPooling")),
        Case.of(
            "a sparse encoder whose graph has vectors in place of logits",
            Folder.text(Net.encoder())
                .file(
                    Folder.MODULES,
                    Modules.list(
                        "sentence_transformers.sparse_encoder.models.MLMTransformer",
                        "sentence_transformers.sparse_encoder.models.SpladePooling")),
            fails("logits of tokens")),
        Case.of(
            "a router",
            Folder.text(Net.encoder())
                .file(Folder.MODULES, Modules.list("sentence_transformers.models.Router")),
            named("Router")),
        Case.of(
            "a static embedding",
            Folder.text(Net.encoder())
                .file(Folder.MODULES, Modules.list("sentence_transformers.models.StaticEmbedding")),
            named("StaticEmbedding")),
        Case.of(
            "one vector per token, as PyLate trains",
            Folder.text(Net.encoder())
                .file(
                    Folder.MODULES, Modules.list(Modules.TRANSFORMER, "pylate.models.Dense.Dense")),
            named("pylate")),
        Case.of(
            "a module of the author's own",
            mode("\"mean\"").file(Folder.MODULES, withModule("custom_st.Scale")),
            named("Scale")));
  }

  private static Check named(String module) {
    return fails(Folder.MODULES, module);
  }

  private static String withModule(String name) {
    return Modules.list(
        Modules.TRANSFORMER,
        Modules.POOLING,
        name.contains(".") ? name : "sentence_transformers.models." + name);
  }

  private static Folder booleans(String... modes) {
    StringBuilder json = new StringBuilder("{" + DIMENSION);
    for (String mode : modes) {
      json.append(", \"pooling_mode_%s\": true".formatted(mode));
    }
    return pooling(json + "}");
  }

  private static Folder mode(String value) {
    return pooling(
        "{\"embedding_dimension\": 3, \"pooling_mode\": %s, \"include_prompt\": true}"
            .formatted(value));
  }

  private static Folder pooling(String json) {
    return Folder.sentence(Net.encoder()).file(Folder.POOLING, json);
  }
}

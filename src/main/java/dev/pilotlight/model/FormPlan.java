package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.ResultForm.FillMask;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.Modules;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.head.MaskHead;
import dev.pilotlight.model.head.SpladeHead;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.text.TokenNames;
import dev.pilotlight.model.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Resolves how the logits of a masked language model become an answer.
///
/// @param tokenizer limited to what the graph takes
/// @param findings receives every decision with its source
record FormPlan(Description from, Tokenizer tokenizer, Findings findings) {
  static final String SPLADE = "SpladePooling";
  static final String SPLADE_CONFIG = "1_" + SPLADE + "/config.json";

  private static final List<String> NAMES = List.of("logits", "prediction_logits");
  private static final List<String> MASKS = List.of("[MASK]", "<mask>");
  private static final String MASK = ModelInfo.MASK_FACT;
  private static final int RANK = 3;

  /// @throws LoadFailure naming what is missing or not supported
  Head head(Task task, Graph graph) {
    TensorSpec output = output(graph.outputs());
    findings.decide("output", output.name(), Fact.GRAPH);
    return task == Task.FILL_MASK ? masks(output.name()) : splade(output.name());
  }

  /// Whether an output may hold logits for each token.
  static boolean isLogits(TensorSpec output) {
    return output.datatype().isFloat()
        && output.name().equals(NAMES.getFirst())
        && (output.anyRank() || output.shape().size() == RANK);
  }

  private TensorSpec output(List<TensorSpec> outputs) {
    List<TensorSpec> hidden =
        outputs.stream()
            .filter(output -> output.datatype().isFloat())
            .filter(output -> output.anyRank() || output.shape().size() == RANK)
            .toList();
    for (String name : NAMES) {
      for (TensorSpec output : hidden) {
        if (output.name().equals(name)) {
          return output;
        }
      }
    }
    // an output of another name may hold vectors, so its size decides
    Optional<Integer> words = from.config().integer("vocab_size", 1, JsonFile.SIZE_MAX);
    if (hidden.size() == 1 && words.isPresent() && size(hidden.getFirst()) == words.get()) {
      return hidden.getFirst();
    }
    throw new LoadFailure(
        "no output of the graph is known as logits of tokens; it has %s; known names are %s"
            .formatted(
                outputs.stream().map(o -> o.name() + o.shape()).toList(),
                String.join(", ", NAMES)));
  }

  private static long size(TensorSpec output) {
    return output.anyRank() ? -1 : output.shape().getLast();
  }

  private MaskHead masks(String output) {
    JsonFile settings = from.tokenizer();
    JsonFile map = JsonFile.readIfPresent(from.files(), ModelFiles.SPECIAL_TOKENS);
    Optional<String> named = settings.token(MASK).or(() -> map.token(MASK));
    String source = settings.token(MASK).isPresent() ? settings.name() : map.name();
    List<String> names = new ArrayList<>(named.isPresent() ? List.of(named.get()) : MASKS);
    Optional<String> pad = settings.token("pad_token").or(() -> map.token("pad_token"));
    pad.ifPresent(names::add);
    Map<String, Long> ids = TokenNames.find(from.files().path(ModelFiles.TOKENIZER), names);
    String mask =
        names.stream()
            .filter(name -> !pad.equals(Optional.of(name)) && ids.containsKey(name))
            .findFirst()
            .orElseThrow(() -> noMask(named));
    long maskId = ids.getOrDefault(mask, -1L);
    long padId = pad.isPresent() ? ids.getOrDefault(pad.get(), -1L) : -1;
    findings.decide(MASK, mask, named.isPresent() ? source : ModelFiles.TOKENIZER);
    findings.plan("pad_token", padId);
    FillMask usual = new FillMask(FillMask.TOP_DEFAULT, List.of());
    return new MaskHead(output, new MaskHead.Special(mask, maskId, padId), tokenizer, usual);
  }

  private static LoadFailure noMask(Optional<String> named) {
    return new LoadFailure(
        named.isPresent()
            ? "the mask_token %s is not in tokenizer.json".formatted(named.get())
            : ("no file names the model's mask_token, and tokenizer.json has none of %s; set"
                    + " mask_token in tokenizer_config.json, or \"task\": \"tensors\" in"
                    + " pilotlight.json")
                .formatted(String.join(", ", MASKS)));
  }

  private SpladeHead splade(String output) {
    String file = SPLADE_CONFIG;
    for (int at = 0; at < from.modules().list().size(); at++) {
      Modules.Module module = from.modules().list().get(at);
      if (module.name().equals(SPLADE) && module.isOwn()) {
        file = module.file("config.json");
      } else if (at > 0 || !isTransformer(module)) {
        throw new LoadFailure(
            "modules.json has a %s module (%s), which is not supported in a sparse model; a"
                    .formatted(module.name(), module.type())
                + " Transformer and a SpladePooling are");
      }
    }
    JsonFile config = JsonFile.readIfPresent(from.files(), file);
    String strategy = one(config, "pooling_strategy", List.of("max", "sum"));
    String activation = one(config, "activation_function", List.of("relu", "log1p_relu"));
    return new SpladeHead(output, strategy.equals("sum"), activation.equals("log1p_relu"));
  }

  private static boolean isTransformer(Modules.Module module) {
    return module.isOwn()
        && (module.name().equals(Modules.TRANSFORMER) || module.name().equals("MLMTransformer"));
  }

  /// @param accepted the first is the default
  private String one(JsonFile config, String key, List<String> accepted) {
    Optional<String> given = config.text(key);
    if (given.isPresent() && !accepted.contains(given.get())) {
      throw config.wrong(key, String.join(", ", accepted));
    }
    String value = given.orElse(accepted.getFirst());
    findings.decide(key, value, given.isPresent() ? config.name() : Fact.ASSUMED);
    return value;
  }
}

package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.Modules;
import dev.pilotlight.model.files.SentenceConfig;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.head.Dense;
import dev.pilotlight.model.head.EmbeddingHead;
import dev.pilotlight.model.head.Pooling;
import dev.pilotlight.model.head.PoolingMode;
import dev.pilotlight.model.head.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Resolves how a graph's output becomes an embedding, as sentence-transformers would load the same
/// folder.
///
/// @param findings receives every decision with its source
record EmbeddingPlan(Description from, Findings findings) {
  private static final String FORWARD = "forward";
  private static final String CAUSAL = "ForCausalLM";

  /// @param shape of an output as a run gives it, where the graph does not declare it
  /// @throws LoadFailure naming what is missing, ambiguous or not supported
  EmbeddingHead head(List<TensorSpec> outputs, Function<TensorSpec, long[]> shape) {
    OutputChoice choice =
        OutputChoice.choose(
            outputs,
            output -> output.anyRank() ? shape.apply(output).length : output.shape().size());
    findings.decide("output", choice.output().name(), choice.assumed() ? Fact.ASSUMED : Fact.GRAPH);
    if (choice.assumed()) {
      findings.warn(
          "the output %s, whose name is not a known one, is assumed to hold a vector for each token"
              .formatted(choice.output().name()));
    }
    refuseOtherCalls(choice.pooled());
    refuseForeign(choice.pooled());
    if (choice.pooled() && from.modules().has(Modules.DENSE)) {
      requireDense(choice.output(), shape);
    }
    Pooling pooling = choice.pooled() ? pooledByGraph() : pooling();
    List<Step> steps = steps(choice.pooled());
    findings.plan("steps", steps.stream().map(Step::plan).toList());
    return new EmbeddingHead(choice.output().name(), choice.pooled(), pooling, steps);
  }

  /// A method such as `get_text_features` computes more than a graph of token vectors does.
  private void refuseOtherCalls(boolean pooled) {
    Optional<String> method = from.sentence().textMethod();
    if (!pooled && method.isPresent() && !method.get().equals(FORWARD)) {
      throw new LoadFailure(
          ("%s: modality_config calls %s for a text, which is not supported; export the model"
                  + " with its sentence_embedding output")
              .formatted(from.sentence().transformer().name(), method.get()));
    }
  }

  /// Decides by sizes whether a vector that the graph pooled has gone through the Dense modules.
  private void requireDense(TensorSpec output, Function<TensorSpec, long[]> shape) {
    List<Modules.Module> modules =
        from.modules().list().stream().filter(m -> m.name().equals(Modules.DENSE)).toList();
    Optional<Dense.Size> first = Dense.size(from.files(), modules.getFirst().folder());
    Optional<Dense.Size> last = Dense.size(from.files(), modules.getLast().folder());
    if (first.isEmpty() || last.isEmpty() || first.get().in() == last.get().out()) {
      requireSentence(output);
      return;
    }
    long declared = output.shape().isEmpty() ? -1 : output.shape().getLast();
    long size = declared > 0 ? declared : shape.apply(output)[1];
    if (size != last.get().out()) {
      throw new LoadFailure(
          ("the output %s has %d dimensions; the Dense layer of modules.json has %d, so the graph"
                  + " does not include it; export the model with all its modules, or with token"
                  + " vectors")
              .formatted(output.name(), size, last.get().out()));
    }
  }

  /// Sentence-transformers names its last module's result so.
  private void requireSentence(TensorSpec output) {
    String sentence = OutputChoice.POOLED.getFirst();
    if (!output.name().equals(sentence)) {
      throw new LoadFailure(
          ("modules.json has a Dense layer, but it is unclear whether the output %s includes it;"
                  + " export the model with its %s output")
              .formatted(output.name(), sentence));
    }
    findings.warn("the output %s is assumed to include the Dense layer".formatted(sentence));
  }

  Pooling pooledByGraph() {
    findings.decide("pooling", ModelInfo.POOLED_BY_GRAPH, Fact.GRAPH);
    if (!from.overrides().pooling().isEmpty()) {
      findings.warn("pilotlight.json: pooling has no effect, because the graph pools itself");
    }
    return Pooling.of(PoolingMode.MEAN);
  }

  /// Modules whose effect is not in a vector per token.
  private void refuseForeign(boolean pooled) {
    List<Modules.Module> modules = from.modules().list();
    for (int at = 0; at < modules.size(); at++) {
      Modules.Module module = modules.get(at);
      boolean transformer = at == 0 && module.name().equals(Modules.TRANSFORMER);
      if (transformer && !module.isOwn()) {
        findings.warn(
            "modules.json names %s, which is the model's own code; it is treated as a Transformer"
                .formatted(module.type()));
      }
      if (!pooled && !transformer && !(isKnown(module) && isInPlace(module, at))) {
        throw new LoadFailure(
            "modules.json has a %s module (%s), which is not supported; export the model with its"
                    .formatted(module.name(), module.type())
                + " sentence_embedding output");
      }
    }
  }

  private static boolean isKnown(Modules.Module module) {
    return module.isOwn()
        && List.of(Modules.POOLING, Modules.DENSE, Modules.NORMALIZE, Modules.DROPOUT)
            .contains(module.name());
  }

  /// A module before Pooling would change the vectors of single tokens.
  private boolean isInPlace(Modules.Module module, int at) {
    return module.name().equals(Modules.POOLING)
        || module.name().equals(Modules.DROPOUT)
        || from.modules().isAfterPooling(at);
  }

  private Pooling pooling() {
    Optional<Modules.Module> module = from.modules().pooling();
    String file = module.map(m -> m.file("config.json")).orElse(ModelFiles.POOLING);
    if (!from.overrides().pooling().isEmpty()) {
      boolean prompt =
          JsonFile.readIfPresent(from.files(), file).flag("include_prompt").orElse(true);
      return pooled(new Pooling(from.overrides().pooling(), prompt), ModelFiles.OVERRIDES);
    }
    if (from.files().exists(file)) {
      return pooled(Pooling.read(JsonFile.readAnyway(from.files(), file)), file);
    }
    if (module.isPresent()) {
      throw new LoadFailure(
          "modules.json names a Pooling module, but %s is missing; or set pooling in %s"
              .formatted(file, ModelFiles.OVERRIDES));
    }
    if (!from.modules().isEmpty()) {
      throw new LoadFailure(
          "modules.json has %s, but no Pooling module, and the output holds a vector per token;"
                  .formatted(
                      from.modules().list().stream()
                          .map(Modules.Module::name)
                          .collect(Collectors.joining(", ")))
              + " export the model with its sentence_embedding output, or set pooling in"
              + " pilotlight.json");
    }
    return unconfigured();
  }

  Pooling pooled(Pooling pooling, String source) {
    findings.decide("pooling", pooling.label(), source);
    return pooling;
  }

  /// Without any pooling file: by the model's name, else as sentence-transformers would pool.
  private Pooling unconfigured() {
    Optional<KnownModels.Row> row = row();
    if (row.isPresent()) {
      refuseContradiction();
      if (row.get().dense()) {
        throw new LoadFailure(
            "%s has a Dense layer after its pooling; add its modules.json and the folders that it"
                    .formatted(row.get().name())
                + " names, or set pooling in pilotlight.json");
      }
      return assumed(row.get().pooling(), "table: " + row.get().name());
    }
    List<String> architectures = from.config().texts("architectures");
    boolean causal =
        !architectures.isEmpty()
            && architectures.getFirst().endsWith(CAUSAL)
            && from.config().flag("is_causal").orElse(true);
    return assumed(causal ? PoolingMode.LASTTOKEN : PoolingMode.MEAN, Fact.ASSUMED);
  }

  private Pooling assumed(PoolingMode mode, String source) {
    findings.warn(
        "no file configures pooling: it is %s (%s); add modules.json and 1_Pooling/config.json, or"
                .formatted(mode.label(), source)
            + " set pooling in pilotlight.json");
    return pooled(Pooling.of(mode), source);
  }

  /// By `_name_or_path` of `config.json`, else by the model's name here.
  private Optional<KnownModels.Row> row() {
    return origin().or(this::named);
  }

  private Optional<KnownModels.Row> origin() {
    return from.config().text("_name_or_path").flatMap(KnownModels::find);
  }

  private Optional<KnownModels.Row> named() {
    return KnownModels.find(from.id().name());
  }

  /// @throws LoadFailure if origin and name are of models that pool differently
  private void refuseContradiction() {
    Optional<KnownModels.Row> origin = origin();
    Optional<KnownModels.Row> named = named();
    if (origin.isPresent()
        && named.isPresent()
        && origin.get().pooling() != named.get().pooling()) {
      throw new LoadFailure(
          "config.json names the model %s, which pools by %s; its name here, %s, pools by %s: set"
                  .formatted(
                      origin.get().name(),
                      origin.get().pooling().label(),
                      named.get().name(),
                      named.get().pooling().label())
              + " pooling in pilotlight.json");
    }
  }

  private List<Step> steps(boolean pooled) {
    List<Step> steps = new ArrayList<>();
    if (!pooled) {
      from.modules().afterPooling().forEach(module -> step(module).ifPresent(steps::add));
    } else if (from.modules().endsWith(Modules.NORMALIZE)) {
      // the graph did it already if it holds all modules; twice changes nothing
      steps.add(new Step.UnitLength());
    }
    normalise(steps);
    from.sentence().truncateDim().ifPresent(size -> steps.add(new Step.Cut(size)));
    from.sentence()
        .truncateDim()
        .ifPresent(size -> findings.show("truncate_dim", size, SentenceConfig.WHOLE));
    return steps;
  }

  private Optional<Step> step(Modules.Module module) {
    return switch (module.name()) {
      case Modules.NORMALIZE -> {
        Dense.requireVector(JsonFile.readIfPresent(from.files(), module.file("config.json")));
        yield Optional.of(new Step.UnitLength());
      }
      case Modules.DENSE -> {
        Dense dense = Dense.read(from.files(), module.folder());
        findings.show("dense", dense.label(), module.folder());
        yield Optional.of(dense);
      }
      case Modules.DROPOUT -> Optional.empty();
      default ->
          throw new LoadFailure(
              "modules.json has a %s module after Pooling, which is not supported"
                  .formatted(module.name()));
    };
  }

  private void normalise(List<Step> steps) {
    boolean last = !steps.isEmpty() && steps.getLast() instanceof Step.UnitLength;
    if (from.overrides().normalise().isPresent()) {
      boolean wanted = from.overrides().normalise().get();
      if (!wanted && last) {
        steps.removeLast();
      } else if (wanted && !last) {
        steps.add(new Step.UnitLength());
      }
      findings.show("normalised", wanted, ModelFiles.OVERRIDES);
    } else if (!from.modules().isEmpty()) {
      findings.show("normalised", last, ModelFiles.MODULES);
    } else {
      normaliseByDefault(steps);
    }
  }

  /// Without modules: at unit length, unless the model is known not to be.
  private void normaliseByDefault(List<Step> steps) {
    Optional<KnownModels.Row> row = row();
    if (row.isPresent() && !row.get().normalised()) {
      findings.show("normalised", false, "table: " + row.get().name());
      return;
    }
    steps.add(new Step.UnitLength());
    findings.show("normalised", true, Fact.ASSUMED);
    findings.warn(
        "no file declares whether embeddings are normalised: they are brought to unit length"
            + " (assumed); add modules.json, or set normalise in pilotlight.json");
  }
}

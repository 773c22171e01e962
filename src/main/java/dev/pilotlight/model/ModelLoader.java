package dev.pilotlight.model;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.image.ImageFiles;
import dev.pilotlight.model.files.ContentDigest;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.files.PackedModel;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.inputs.ConstantInputs;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.onnx.Graphs;
import dev.pilotlight.model.onnx.RunTimer;
import dev.pilotlight.model.text.Tokenizer;
import dev.pilotlight.support.Threads;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Loads a [Model] from a version's directory.
public final class ModelLoader {
  private final ModelSettings settings;
  private final RunTimer timer;

  /// @param timer stops the runs of all models
  public ModelLoader(ModelSettings settings, RunTimer timer) {
    this.settings = settings;
    this.timer = timer;
  }

  /// Loads a model from a directory.
  ///
  /// @throws LoadFailure describing the fault of the files
  public Model load(ModelId id, Path directory) {
    return load(id, ModelFiles.in(directory, settings.modelBytesMax()));
  }

  /// Loads a model from its files.
  ///
  /// @throws LoadFailure describing the fault of the files
  public Model load(ModelId id, ModelFiles files) {
    Description description = Description.read(id, files);
    Overrides overrides = description.overrides();
    Optional<PackedModel> packed = files.packed();

    boolean wantsTokenizer =
        files.has(ModelFiles.TOKENIZER)
            && (overrides.task().isEmpty() || overrides.task().get().takesText());
    int threads = overrides.threads().orElse(settings.threads());
    Future<Graphs.Opened> graph;
    Future<@Nullable Tokenizer> tokenizer;
    Future<String> digest;
    // in parallel: each takes tens of milliseconds, and one waits for the disk while others compute
    try (ExecutorService parts = threads()) {
      graph = parts.submit(() -> open(files.graphPath(), threads, packed));
      Callable<@Nullable Tokenizer> opening =
          () ->
              wantsTokenizer
                  ? Tokenizer.open(files.path(ModelFiles.TOKENIZER), description.options())
                  : null;
      tokenizer = parts.submit(opening);
      digest =
          parts.submit(
              () -> packed.map(PackedModel::digest).orElseGet(() -> ContentDigest.of(files)));
    }
    try {
      return model(description, result(graph), result(tokenizer), result(digest));
    } catch (RuntimeException | Error e) {
      if (graph.state() == Future.State.SUCCESS) {
        graph.resultNow().graph().close();
      }
      if (tokenizer.state() == Future.State.SUCCESS) {
        close(tokenizer.resultNow());
      }
      throw e;
    }
  }

  private Graphs.Opened open(Path graph, int threads, Optional<PackedModel> packed) {
    Optional<String> saved = packed.map(PackedModel::optimised).filter(Graphs::isOwn);
    return saved.isPresent()
        ? Graphs.openSaved(graph, threads, saved.get(), settings.execution())
        : Graphs.open(graph, threads, settings.execution());
  }

  private Model model(
      Description from, Graphs.Opened opened, @Nullable Tokenizer tokenizer, String digest) {
    Graph graph = opened.graph();
    Findings findings = new Findings();
    opened.warnings().forEach(findings::warn);
    TaskPlan plan = TaskPlan.of(from, graph);
    findings.decide("task", plan.task().label(), plan.source());
    if (plan.task().takesImages()) {
      ConstantInputs.requireNone(from.overrides().inputs());
      Model model = images(from, plan.task(), opened, digest, findings);
      close(tokenizer);
      return model;
    }
    if (plan.task() == Task.TENSORS || tokenizer == null) {
      if (ImagePlan.fits(graph) && from.files().has(ModelFiles.PREPROCESSOR)) {
        findings.warn(
            "no file defines the model's task for images: it is served as tensors, without its"
                + " image processor; set task to image-classification or image-embedding in"
                + " pilotlight.json");
      }
      ConstantInputs.requireNone(from.overrides().inputs());
      if (tokenizer != null) {
        findings.warn(
            "no file defines the model's task for texts: it is served as tensors, without its"
                + " tokenizer; set task in pilotlight.json");
      }
      ModelInfo info = info(from, Task.TENSORS, digest, opened, Answers.NONE, findings);
      Model model = new Model(info, graph, null, null, timer);
      // last, because a failure before it closes the tokenizer, too
      close(tokenizer);
      return model;
    }
    TextPlan texts = new TextPlan(from, graph, tokenizer, findings);
    TextPath path = texts.path(plan.task());
    Answers answers =
        new Answers(path.tokenizer().tokensMax(), texts.dimensions(path), path.head().labels());
    ModelInfo info = info(from, plan.task(), digest, opened, answers, findings);
    return new Model(info, graph, path, null, timer);
  }

  private Model images(
      Description from, Task task, Graphs.Opened opened, String digest, Findings findings) {
    if (!ImageFiles.areDecoded()) {
      findings.warn(
          "this package decodes no images, so that the model answers tensors alone; build it with"
              + " mvn package -Dpilotlight.images=true");
    }
    ImagePlan plan = new ImagePlan(from, opened.graph(), findings);
    ImagePath path = plan.path(task, settings.imagePixelsMax());
    Answers answers = new Answers(0, plan.dimensions(path), path.head().labels());
    ModelInfo info = info(from, task, digest, opened, answers, findings);
    return new Model(info, opened.graph(), null, path, timer);
  }

  /// The properties of a model that follow from how it answers.
  private record Answers(int maxTokens, int dimensions, Optional<Labels> labels) {
    private static final Answers NONE = new Answers(0, 0, Optional.empty());
  }

  private static ModelInfo info(
      Description from,
      Task task,
      String digest,
      Graphs.Opened opened,
      Answers answers,
      Findings findings) {
    Graph graph = opened.graph();
    return new ModelInfo(
        from.id().name(),
        Long.toString(from.id().version()),
        task,
        digest,
        opened.runtime(),
        answers.maxTokens,
        answers.dimensions,
        answers.labels,
        graph.inputs(),
        graph.outputs(),
        graph.others(),
        from.overrides().timeToLive(),
        findings.facts(),
        findings.warnings(),
        findings.plan(),
        from.policy());
  }

  private static ExecutorService threads() {
    return Executors.newThreadPerTaskExecutor(Threads.daemons("model-load-"));
  }

  private static void close(@Nullable Tokenizer tokenizer) {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  /// The result of a finished part, or its failure.
  private static <T extends @Nullable Object> T result(Future<T> part) {
    return switch (part.state()) {
      case SUCCESS -> part.resultNow();
      case FAILED -> throw unchecked(part.exceptionNow());
      case RUNNING, CANCELLED -> throw new LoadFailure("loading it was interrupted");
    };
  }

  private static RuntimeException unchecked(Throwable failure) {
    return switch (failure) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(failure);
    };
  }
}

package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.image.Pixels;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.head.EmbeddingHead;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.head.Pooling;
import dev.pilotlight.model.head.PoolingMode;
import dev.pilotlight.model.head.Step;
import dev.pilotlight.model.image.ImageProcessor;
import dev.pilotlight.model.image.ImageProcessor.Size;
import dev.pilotlight.model.image.ProcessorFile;
import dev.pilotlight.model.onnx.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Resolves how an opened model answers images.
///
/// @param findings receives every decision with its source
record ImagePlan(Description from, Graph graph, Findings findings) {
  /// The input of the graphs that transformers exports for images.
  static final String INPUT = "pixel_values";

  /// The output of a graph that is an image's vector, as CLIP has it.
  static final String EMBEDS = "image_embeds";

  private static final String HIDDEN = "last_hidden_state";
  private static final String OUTPUT = "output";
  private static final int IMAGE_RANK = 4;
  private static final int POOLED_RANK = 2;
  private static final int HIDDEN_RANK = 3;

  // part of every key: raise it when the same pixels give other values
  private static final int PIXELS = 1;

  /// Whether a graph takes images alone, as 32-bit floats.
  static boolean fits(Graph graph) {
    if (graph.inputs().size() != 1) {
      return false;
    }
    TensorSpec input = graph.inputs().getFirst();
    return input.name().equals(INPUT)
        && input.datatype() == Datatype.FP32
        && input.shape().size() == IMAGE_RANK
        && fits(input.shape().getFirst(), 1)
        && fits(input.shape().get(1), Pixels.BANDS);
  }

  private static boolean fits(long declared, long size) {
    return declared < 0 || declared == size;
  }

  /// @throws LoadFailure if files and graph do not fit each other
  ImagePath path(Task task, long pixelsMax) {
    JsonFile file = JsonFile.read(from.files(), ModelFiles.PREPROCESSOR);
    ImageProcessor processor = ProcessorFile.read(file);
    requireSize(processor, graph.inputs().getFirst().shape());
    findings.plan("pixels", PIXELS);
    findings.plan("levels", processor.levels().digest());
    processor.resize().ifPresent(to -> findings.decide("resize", to, file.name()));
    processor.resize().ifPresent(_ -> findings.decide("resample", processor.filter(), file.name()));
    processor.crop().ifPresent(size -> findings.decide("crop", size, file.name()));
    Head head =
        task == Task.IMAGE_CLASSIFICATION
            ? new LabelPlan(from, findings).head(graph.outputs())
            : embedding();
    return new ImagePath(processor, graph, head, pixelsMax);
  }

  /// The length of an embedding; 0 for labels.
  int dimensions(ImagePath path) {
    if (!(path.head() instanceof EmbeddingHead)) {
      return 0;
    }
    int dimensions = path.sample();
    findings.show("dimensions", dimensions, Fact.GRAPH);
    return dimensions;
  }

  private void requireSize(ImageProcessor processor, List<Long> shape) {
    long height = shape.get(2);
    long width = shape.get(3);
    Optional<Size> size = processor.size();
    boolean fits =
        size.isPresent()
            ? fits(height, size.get().height()) && fits(width, size.get().width())
            : height < 0 && width < 0;
    if (!fits) {
      throw new LoadFailure(
          "%s: images become %s, and the graph takes %s"
              .formatted(
                  ModelFiles.PREPROCESSOR,
                  size.map(Size::toString).orElse("as wide and high as they are"),
                  shape));
    }
  }

  private EmbeddingHead embedding() {
    Optional<String> wanted = from.overrides().output();
    List<PoolingMode> modes = from.overrides().pooling();
    String name = wanted.orElseGet(() -> modes.isEmpty() || has(EMBEDS) ? EMBEDS : HIDDEN);
    TensorSpec output =
        graph.outputs().stream()
            .filter(it -> it.name().equals(name) && it.datatype().isFloat())
            .findFirst()
            .orElseThrow(() -> wanted.isPresent() ? noOutput(name) : undeclared());
    int rank = output.shape().size();
    if (rank == HIDDEN_RANK && modes.isEmpty()) {
      throw undeclared();
    }
    if (rank != HIDDEN_RANK && rank != POOLED_RANK) {
      throw new LoadFailure(
          "the graph's %s has shape %s; [1, size] or [1, parts, size] is needed"
              .formatted(name, output.shape()));
    }
    findings.decide(OUTPUT, name, wanted.isPresent() ? ModelFiles.OVERRIDES : Fact.GRAPH);
    boolean pooled = rank == POOLED_RANK;
    EmbeddingPlan plan = new EmbeddingPlan(from, findings);
    Pooling pooling =
        pooled ? plan.pooledByGraph() : plan.pooled(new Pooling(modes, true), ModelFiles.OVERRIDES);
    List<Step> steps = steps();
    findings.plan("steps", steps.stream().map(Step::plan).toList());
    return new EmbeddingHead(name, pooled, pooling, steps);
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    Optional<Boolean> declared = from.overrides().normalise();
    if (declared.orElse(true)) {
      steps.add(new Step.UnitLength());
    }
    findings.show(
        "normalised",
        declared.orElse(true),
        declared.isPresent() ? ModelFiles.OVERRIDES : Fact.ASSUMED);
    if (declared.isEmpty()) {
      findings.warn(
          "no file declares whether embeddings are normalised: they are brought to unit length"
              + " (assumed); set normalise in pilotlight.json");
    }
    return steps;
  }

  private boolean has(String output) {
    return graph.outputs().stream().anyMatch(it -> it.name().equals(output));
  }

  private LoadFailure noOutput(String name) {
    return new LoadFailure(
        "pilotlight.json: output is %s; the graph has %s".formatted(name, outputs()));
  }

  private LoadFailure undeclared() {
    return new LoadFailure(
        ("no output of the graph is known as an image's vector; it has %s; write \"output\":"
                + " \"pooler_output\" into pilotlight.json for a vector that the graph has, or"
                + " \"pooling\": \"cls\" or \"mean\" for %s")
            .formatted(outputs(), HIDDEN));
  }

  private List<String> outputs() {
    return graph.outputs().stream().map(it -> it.name() + it.shape()).toList();
  }
}

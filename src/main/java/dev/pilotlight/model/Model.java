package dev.pilotlight.model;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.domain.text.TokenCoder;
import dev.pilotlight.domain.text.TokenJoiner;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.head.TokenHead;
import dev.pilotlight.model.inputs.InputCheck;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.onnx.RunTimer;
import dev.pilotlight.model.text.Tokenizer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A loaded model. Thread-safe: several items may run at once, each alone in its run, so that an
/// answer never depends on its neighbours.
public final class Model {
  private static final String PRIMING_TEXT = "pilotlight";

  private final ModelInfo info;
  private final Graph graph;
  private final @Nullable TextPath text;
  private final @Nullable ImagePath images;
  private final RunTimer timer;
  // runs hold the read lock; close() waits for them, because native memory must not be freed during
  // a run
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;
  private volatile boolean answered;

  /// @param text absent if the model takes no texts
  /// @param images absent if the model takes no images
  Model(
      ModelInfo info,
      Graph graph,
      @Nullable TextPath text,
      @Nullable ImagePath images,
      RunTimer timer) {
    this.info = info;
    this.graph = graph;
    this.text = text;
    this.images = images;
    this.timer = timer;
  }

  public ModelInfo info() {
    return info;
  }

  /// Checks and tokenises one item; cheap compared with running it.
  ///
  /// @throws Refusal `INVALID` if the item is not one that this model takes
  public Prepared prepare(Item item) {
    return whileOpen(
        () ->
            switch (item) {
              case Item.Text t -> textPath().prepare(t);
              case Item.Pair p -> pairPath().prepare(p);
              case Item.Tokens t -> textPath().prepare(t);
              case Item.Image i -> imagePath().prepare(i);
              case Item.Tensors t -> {
                InputCheck.check(t, info.graphInputs(), info.graphOutputs());
                yield new Prepared.Tensors(t);
              }
              // by a cast, so that the class loads with the first such item
              default -> inForm((Item.InForm) item);
            });
  }

  private Prepared inForm(Item.InForm wanted) {
    TextPath path = textPath();
    Head head = new FormHeads(path, info).of(wanted.form());
    Prepared.Text tokens =
        switch (wanted.item()) {
          case Item.Text t -> path.tokens(t);
          case Item.Tokens t -> path.tokens(t);
          default -> throw new IllegalStateException("only a text has a result in a form");
        };
    head.require(tokens.ids());
    FormHeads.requireFits(info, head, tokens.ids());
    return new Prepared.InForm(tokens, head);
  }

  /// Answers one item: a text, a pair, token ids or an image with `embedding`, or with `label`,
  /// `score` and `logits`; a text also with all outputs of its tokens, or in the form that it
  /// wants; tensors with the wanted outputs, in the order wanted.
  ///
  /// @param deadline stops a graph that runs on tensors or on an image; a text is not watched,
  ///   because its token limit keeps it short
  /// @throws Refusal `INVALID` if the graph cannot compute with these tensors or ids,
  ///   `MODEL_FAILED` if a text's answer holds NaN or infinity, `DEADLINE` if it was stopped
  public Result run(Prepared prepared, Deadline deadline) {
    return answer(prepared, t -> graph.run(t.inputs(), t.outputs(), timer.until(deadline)));
  }

  /// As [#run(Prepared, Deadline)], for a run that may be stopped before the deadline.
  ///
  /// @param stops gets what stops a run on tensors or on an image, as the deadline does; any thread
  ///   may call that at any time, also when the run is over. A run on a text gives nothing to it
  public Result run(Prepared prepared, Deadline deadline, Consumer<Runnable> stops) {
    return answer(prepared, t -> graph.run(t.inputs(), t.outputs(), timer.until(deadline, stops)));
  }

  /// Both steps, without a deadline.
  public Result run(Item item) {
    return answer(prepare(item), t -> graph.run(t.inputs(), t.outputs()));
  }

  private Result answer(Prepared prepared, Function<Item.Tensors, List<Tensor>> tensors) {
    return whileOpen(
        () ->
            switch (prepared) {
              case Prepared.Text text -> requireFinite(textPath().run(text));
              case Prepared.Image image -> requireFinite(imagePath().run(image, tensors));
              case Prepared.Tensors(Item.Tensors item) -> new Result(tensors.apply(item), 0);
              default -> requireFinite(textPath().run((Prepared.InForm) prepared));
            });
  }

  /// An embedding, a score or a logit that is NaN or infinite is not an answer in any encoding: the
  /// model failed. This is checked where the answer is made, so that none is cached or stored.
  private Result requireFinite(Result result) {
    for (Tensor output : result.outputs()) {
      if (output.datatype() == Datatype.FP32) {
        requireFinite(output);
      }
    }
    return result;
  }

  private void requireFinite(Tensor output) {
    FloatBuffer values = output.buffer().asFloatBuffer();
    for (int i = 0; i < values.limit(); i++) {
      float value = values.get(i);
      if (!Float.isFinite(value)) {
        throw Refusal.of(
            Reason.MODEL_FAILED,
            null,
            ("model %s computed %s%s, which is not an answer; the fault is the model's, not the"
                    + " request's, and nothing was stored")
                .formatted(info.name(), value, place(output, i)));
      }
    }
  }

  private static String place(Tensor output, int index) {
    return output.elements() == 1
        ? " as " + output.name()
        : " at index %d of its %s".formatted(index, output.name());
  }

  private <T> T whileOpen(Supplier<T> use) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(info.name() + " is closed");
      }
      return use.get();
    } finally {
      open.readLock().unlock();
    }
  }

  /// Runs one real inference, so that the first caller does not pay for lazy initialisation.
  ///
  /// A model of tensors runs on zeros, with 1 for sizes that are open. If the graph takes no such
  /// inputs, or its outputs on them are larger than any answer may be, it still counts as primed,
  /// since it was run.
  public void prime() {
    if (info.takesText()) {
      run(new Item.Text(textPath().head().sample(PRIMING_TEXT), true));
      return;
    }
    if (images != null) {
      images.prime();
      return;
    }
    try {
      List<Tensor> zeros = info.graphInputs().stream().map(Model::zeros).toList();
      run(new Item.Tensors(zeros, info.graphOutputs().stream().map(TensorSpec::name).toList()));
    } catch (Refusal e) {
      switch (e.reason()) {
        case INVALID, TOO_LARGE -> {}
        default -> throw e;
      }
    }
  }

  /// Runs one inference unless the model has answered before; from then on it is ready.
  public void requireAnswer() {
    if (!answered) {
      prime();
      answered = true;
    }
  }

  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        graph.close();
        if (text != null) {
          text.tokenizer().close();
        }
      }
    } finally {
      open.writeLock().unlock();
    }
  }

  /// The model's tokenizer, for requests about tokens.
  public TokenCoder tokens() {
    return new ModelTokens(this);
  }

  <T> T withTokenizer(Function<Tokenizer, T> use) {
    return whileOpen(() -> use.apply(textPath().tokenizer()));
  }

  TokenJoiner joiner() {
    if (textPath().head() instanceof TokenHead head) {
      return head.words().joiner();
    }
    throw new IllegalStateException(info.name() + " does not classify tokens");
  }

  private TextPath textPath() {
    if (text == null) {
      throw Refusal.invalid(
          "input",
          "model %s takes %s, not texts"
              .formatted(info.name(), info.takesImages() ? "images" : "tensors"));
    }
    return text;
  }

  private ImagePath imagePath() {
    if (images == null) {
      throw Refusal.invalid(
          Item.FIELD,
          "model %s takes %s, not images"
              .formatted(info.name(), info.takesText() ? "texts" : "tensors"));
    }
    return images;
  }

  private TextPath pairPath() {
    TextPath path = textPath();
    if (!info.takesPairs()) {
      throw Refusal.invalid(
          Item.FIELD,
          "model %s takes one text an item, not a pair of texts".formatted(info.name()));
    }
    return path;
  }

  private static Tensor zeros(TensorSpec spec) {
    long[] shape = spec.shape().stream().mapToLong(size -> Math.max(size, 1)).toArray();
    int elements = Math.toIntExact(Tensor.elements(shape));
    // an element of BYTES is its length, here 0, without bytes
    int size = spec.datatype() == Datatype.BYTES ? Integer.BYTES : spec.datatype().size();
    byte[] data = new byte[Math.multiplyExact(elements, size)];
    return new Tensor(spec.name(), spec.datatype(), shape, data);
  }
}

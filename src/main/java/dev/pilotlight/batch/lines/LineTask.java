package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.FurtherFields;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ItemOutcome;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.support.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A line of the object on its way to the output: the items that it asks a model for, their
/// outcomes, and in the end [#render]. For one thread at a time.
public final class LineTask {
  /// Items for a model.
  ///
  /// @param items at least one
  /// @param fieldOf the name of an item's field in the line
  /// @param write renders one answer for each item as a line of the output; throws a [Refusal] if
  ///   JSON cannot hold them
  record Ask(
      Model model,
      List<Item> items,
      IntFunction<String> fieldOf,
      Function<List<Answer>, byte[]> write) {
    Ask {
      items = List.copyOf(items);
    }

    /// The same with the ids of the results of a line.
    Ask withResultIds(ResultIds ids, long number) {
      return new Ask(model, items, fieldOf, answers -> write.apply(ids.apply(number, answers)));
    }
  }

  private final Line line;
  private final BatchLine asked;
  private final String requestId;
  private final FurtherFields further;
  private final @Nullable Ask ask;
  private final @Nullable Throwable failure;
  private byte @Nullable [] unanswered;
  private final List<ItemOutcome> outcomes = new ArrayList<>(1);

  private LineTask(
      Line line,
      BatchLine asked,
      String requestId,
      FurtherFields further,
      @Nullable Ask ask,
      @Nullable Throwable failure) {
    this.line = line;
    this.asked = asked;
    this.requestId = requestId;
    this.further = further;
    this.ask = ask;
    this.failure = failure;
  }

  /// A line with items to run.
  ///
  /// @param requestId names a request and its answer
  /// @param further is added to the answer, also to an error
  static LineTask of(Line line, BatchLine asked, String requestId, FurtherFields further, Ask ask) {
    return new LineTask(line, asked, requestId, further, ask, null);
  }

  /// A line whose answer is an error.
  static LineTask failed(
      Line line, BatchLine asked, String requestId, FurtherFields further, Throwable failure) {
    return new LineTask(line, asked, requestId, further, null, failure);
  }

  /// A line that gets an error because its batch was stopped.
  ///
  /// @param rendered its line of the output, which is an error
  static LineTask unanswered(Line line, BatchLine asked, FurtherFields further, byte[] rendered) {
    LineTask task = new LineTask(line, asked, "", further, null, null);
    task.unanswered = rendered;
    return task;
  }

  /// The items to run; empty if the line's answer is an error.
  public List<Item> items() {
    return ask == null ? List.of() : ask.items;
  }

  /// The model that runs the items.
  public Model model() {
    return Objects.requireNonNull(ask, "the line has no items").model;
  }

  /// The name of an item's field in the line.
  public String field(int item) {
    return ask == null ? "" : ask.fieldOf.apply(item);
  }

  /// Bytes of the object up to the line's end.
  public long end() {
    return line.end();
  }

  /// About how much memory the line and its results take.
  long bytes(ResultSizes sizes) {
    long results = 0;
    for (Item item : items()) {
      results += sizes.estimate(model().info(), item);
    }
    return line.bytes() + results;
  }

  /// Adds the outcome of the next item.
  public void add(ItemOutcome outcome) {
    outcomes.add(outcome);
  }

  /// Whether no item ran out of time.
  public boolean isFinished() {
    return outcomes.stream().noneMatch(outcome -> outcome instanceof ItemOutcome.Unfinished);
  }

  /// The line of the output, once all items have their outcomes. One invalid item fails the whole
  /// line, as it would fail the equivalent API request. Never throws.
  ///
  /// @param log gets internal errors, which the line's error does not describe
  public OutputLine render(Log log) {
    if (unanswered != null) {
      return new OutputLine(unanswered, true, line.number(), Optional.empty(), List.of());
    }
    if (failure != null) {
      return error(failure, Optional.empty(), List.of());
    }
    List<Answer> answers = new ArrayList<>(outcomes.size());
    for (ItemOutcome outcome : outcomes) {
      switch (outcome) {
        case ItemOutcome.Answered(Answer answer) -> answers.add(answer);
        case ItemOutcome.Refused(Refusal refusal) -> {
          return error(refusal, Optional.empty(), List.of());
        }
        case ItemOutcome.Failed(RuntimeException cause) -> {
          log.error("a line cannot be answered", cause, "line", line.number());
          return error(cause, Optional.empty(), List.of());
        }
        case ItemOutcome.Unfinished() -> throw new IllegalStateException("not all are answered");
      }
    }
    return render(Objects.requireNonNull(ask), answers, log);
  }

  private OutputLine render(Ask asks, List<Answer> answers, Log log) {
    Optional<ModelInfo> model = Optional.of(asks.model.info());
    try {
      byte[] json = further.addTo(asks.write.apply(answers));
      return new OutputLine(json, false, line.number(), model, answers);
    } catch (Refusal refusal) {
      return error(refusal, model, answers);
    } catch (RuntimeException e) {
      log.error("internal error", e, "line", line.number());
      return error(e, model, answers);
    }
  }

  private OutputLine error(Throwable cause, Optional<ModelInfo> model, List<Answer> answers) {
    byte[] json = further.addTo(BatchLineWriter.error(line.number(), asked, requestId, cause));
    return new OutputLine(json, true, line.number(), model, answers);
  }
}

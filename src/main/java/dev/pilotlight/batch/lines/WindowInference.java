package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ItemOutcome;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs windows through the pipeline: the items of all lines that ask one model go together.
/// Thread-safe.
///
/// @param tenant that the batch belongs to
/// @param sizes gets the size of every result
/// @param times gets the time of every model's windows
/// @param meter of the invocation
public record WindowInference(
    InferencePipeline pipeline,
    String tenant,
    ResultSizes sizes,
    ModelTimes times,
    Retries retries,
    Meter meter,
    Log log) {
  private record Place(LineTask task, int index) {
    Item item() {
      return task.items().get(index);
    }
  }

  /// With less time left than this, a store that times out need not be at fault.
  private static final Duration STORE_NEEDS = Duration.ofSeconds(5);

  /// Adds an outcome to each item of the window's tasks.
  ///
  /// @return false if the deadline came first: then the results that there are have been stored
  /// @throws dev.pilotlight.batch.s3.BatchException.Unavailable if the store fails or times out
  public boolean run(Window window, Deadline deadline) {
    Map<Model, List<Place>> places = new LinkedHashMap<>();
    for (LineTask task : window.tasks()) {
      for (int i = 0; i < task.items().size(); i++) {
        places.computeIfAbsent(task.model(), _ -> new ArrayList<>()).add(new Place(task, i));
      }
    }
    places.forEach(
        (model, ofModel) -> {
          long begun = System.nanoTime();
          run(model, ofModel, deadline);
          times.add(model.info().name(), System.nanoTime() - begun);
        });
    if (!window.tasks().stream().allMatch(LineTask::isFinished)) {
      return false;
    }
    // the next invocation counts a window that is not finished
    places.values().forEach(ofModel -> meter.asked(ofModel.size()));
    return true;
  }

  private void run(Model model, List<Place> places, Deadline deadline) {
    List<ItemOutcome> outcomes = runPatiently(model, request(places, deadline));
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      ItemOutcome outcome = outcomes.get(i);
      if (outcome instanceof ItemOutcome.Failed(var cause)) {
        log.warn("a run failed and is tried again", cause, "model", model.info().name());
        outcome = runPatiently(model, request(List.of(place), deadline)).getFirst();
      }
      if (outcome instanceof ItemOutcome.Answered(Answer answer)) {
        sizes.record(model.info(), place.item(), answer.result());
      }
      place.task().add(outcome);
    }
  }

  private InferenceRequest request(List<Place> places, Deadline deadline) {
    List<Item> items = places.stream().map(Place::item).toList();
    return new InferenceRequest(
        tenant,
        items,
        i -> places.get(i).task().field(places.get(i).index()),
        CacheUse.NORMAL,
        deadline,
        meter);
  }

  /// Retries while the store is unreachable or throttled; the next attempt finds what an earlier
  /// one stored. Calls to the store end with the deadline, too: then no item is finished, and none
  /// has failed.
  private List<ItemOutcome> runPatiently(Model model, InferenceRequest request) {
    return retries.call(
        "store results",
        failure -> failure instanceof Refusal r && r.reason() == Refusal.Reason.UNAVAILABLE,
        () -> {
          try {
            return pipeline.runEach(model, request);
          } catch (Refusal refusal) {
            if (refusal.reason() == Refusal.Reason.UNAVAILABLE
                && request.deadline().remaining().compareTo(STORE_NEEDS) < 0) {
              return Collections.nCopies(request.items().size(), new ItemOutcome.Unfinished());
            }
            throw refusal;
          }
        });
  }
}

package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.Line;
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
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers windows: the items of all lines that ask one model go down the inference path together.
/// Thread-safe.
public final class WindowAnswers {
  private record Place(LineTask.Ask ask, int index) {
    Item item() {
      return ask.items().get(index);
    }

    String field() {
      return ask.fieldOf().apply(index);
    }
  }

  /// With less time left than this, that the store was not in time says nothing of the store.
  private static final Duration STORE_NEEDS = Duration.ofSeconds(5);

  private final InferencePipeline pipeline;
  private final String tenant;
  private final ResultSizes sizes;
  private final Retries retries;
  private final Meter meter;
  private final Log log;

  /// @param sizes told of every result
  /// @param meter of the invocation
  public WindowAnswers(
      InferencePipeline pipeline,
      String tenant,
      ResultSizes sizes,
      Retries retries,
      Meter meter,
      Log log) {
    this.pipeline = pipeline;
    this.tenant = tenant;
    this.sizes = sizes;
    this.retries = retries;
    this.meter = meter;
    this.log = log;
  }

  /// One answer a line, in order.
  ///
  /// @return empty if the deadline came first: then the results that there are have been kept
  /// @throws BatchException.Unavailable if the store does not do its part in time
  public Optional<List<LineAnswer>> of(LineWindow window, Deadline deadline) {
    Map<Model, List<Place>> places = new LinkedHashMap<>();
    for (LineWindow.Entry entry : window.entries()) {
      if (entry.task() instanceof LineTask.Ask ask) {
        List<Place> ofModel = places.computeIfAbsent(ask.model(), _ -> new ArrayList<>());
        for (int i = 0; i < ask.items().size(); i++) {
          ofModel.add(new Place(ask, i));
        }
      }
    }
    IdentityHashMap<LineTask.Ask, List<ItemOutcome>> outcomes = new IdentityHashMap<>();
    places.forEach((model, ofModel) -> run(model, ofModel, deadline, outcomes));
    boolean finished =
        outcomes.values().stream()
            .flatMap(List::stream)
            .noneMatch(outcome -> outcome instanceof ItemOutcome.Unfinished);
    if (!finished) {
      return Optional.empty();
    }
    // of a window that is not finished, the next invocation tells
    places.values().forEach(ofModel -> meter.asked(ofModel.size()));
    return Optional.of(window.entries().stream().map(e -> answer(e, outcomes)).toList());
  }

  private void run(
      Model model,
      List<Place> places,
      Deadline deadline,
      IdentityHashMap<LineTask.Ask, List<ItemOutcome>> outcomes) {
    List<ItemOutcome> answered = patiently(model, request(places, deadline));
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      ItemOutcome outcome = answered.get(i);
      if (outcome instanceof ItemOutcome.Failed(var cause)) {
        log.warn("a run failed and is made again", cause, "model", model.info().name());
        outcome = patiently(model, request(List.of(place), deadline)).getFirst();
      }
      if (outcome instanceof ItemOutcome.Answered(Answer answer)) {
        sizes.saw(model.info(), place.item(), answer.result());
      }
      outcomes.computeIfAbsent(place.ask(), _ -> new ArrayList<>()).add(outcome);
    }
  }

  private InferenceRequest request(List<Place> places, Deadline deadline) {
    List<Item> items = places.stream().map(Place::item).toList();
    return new InferenceRequest(
        tenant, items, i -> places.get(i).field(), CacheUse.NORMAL, deadline, meter);
  }

  /// A store that is away or throttled is asked again: what it has taken by then is found there.
  /// Its calls end with the time for answering, too: then nothing is finished, and nothing has
  /// failed.
  private List<ItemOutcome> patiently(Model model, InferenceRequest request) {
    Deadline patience = Deadline.in(retries.patience()).orSooner(retries.end());
    for (int attempt = 1; ; attempt++) {
      try {
        return pipeline.runEach(model, request);
      } catch (Refusal refusal) {
        if (refusal.reason() != Refusal.Reason.UNAVAILABLE) {
          throw refusal;
        }
        if (request.deadline().remaining().compareTo(STORE_NEEDS) < 0) {
          return Collections.nCopies(request.items().size(), new ItemOutcome.Unfinished());
        }
        Retries.pause(attempt, patience, "keep results", refusal);
      }
    }
  }

  private LineAnswer answer(
      LineWindow.Entry entry, IdentityHashMap<LineTask.Ask, List<ItemOutcome>> outcomes) {
    return switch (entry.task()) {
      case LineTask.Wrong wrong -> LineAnswer.ofWrong(entry.line(), wrong::answerLine);
      case LineTask.Ask ask -> answer(entry.line(), ask, outcomes.getOrDefault(ask, List.of()));
    };
  }

  /// A line with one bad item is a bad line, as the request would be that it stands for.
  private LineAnswer answer(Line line, LineTask.Ask ask, List<ItemOutcome> outcomes) {
    List<Answer> answers = new ArrayList<>();
    for (ItemOutcome outcome : outcomes) {
      switch (outcome) {
        case ItemOutcome.Answered(Answer answer) -> answers.add(answer);
        case ItemOutcome.Refused(var refusal) -> {
          return LineAnswer.ofWrong(line, () -> ask.sayError().apply(refusal));
        }
        case ItemOutcome.Failed(var failure) -> {
          log.error("a line cannot be answered", failure, "line", line.number());
          return LineAnswer.ofWrong(line, () -> ask.sayError().apply(failure));
        }
        case ItemOutcome.Unfinished() -> throw new IllegalStateException("not all are answered");
      }
    }
    return new LineAnswer(
        line, Optional.of(ask.model().info()), answers, () -> ask.say().apply(answers));
  }
}

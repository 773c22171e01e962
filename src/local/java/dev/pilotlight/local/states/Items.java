package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// The runs of a Map's items. The first failure stops the others. Calling [#run] again redrives the
/// items that have not succeeded. Runs on one thread at a time.
final class Items {
  /// Error name of a Map when an item fails.
  static final String FAILED = "States.ExceedToleratedFailureThreshold";

  /// Makes the input of an item's run.
  @FunctionalInterface
  interface Inputs {
    JsonNode of(State.EachItem each, int index, JsonNode item) throws StatesError;
  }

  private final State.EachItem each;
  private final List<Walk> walks;
  private final Walk.Means means;

  private Items(State.EachItem each, List<Walk> walks, Walk.Means means) {
    this.each = each;
    this.walks = walks;
    this.means = means;
  }

  /// @param id the execution's id; the ids of items contain the Map's label as well
  static Items of(
      State.EachItem each, String id, List<JsonNode> items, Inputs inputs, Walk.Means means)
      throws StatesError {
    List<Walk> walks = new ArrayList<>();
    int name = id.lastIndexOf(':');
    for (JsonNode item : items) {
      String own = "%s/%s:%s".formatted(id.substring(0, name), each.label(), UUID.randomUUID());
      walks.add(new Walk(each.processor(), own, inputs.of(each, walks.size(), item), means));
    }
    return new Items(each, walks, means);
  }

  /// Runs the items that have not succeeded.
  ///
  /// @throws StatesError if one fails
  void run() throws StatesError, InterruptedException {
    Queue<Walk> open =
        new ConcurrentLinkedQueue<>(walks.stream().filter(it -> !it.isDone()).toList());
    BlockingQueue<Optional<StatesError>> ended = new LinkedBlockingQueue<>();
    List<Thread> workers = new ArrayList<>();
    int todo = open.size();
    means.out().accept("%s: %,d of %,d".formatted(each.label(), walks.size() - todo, walks.size()));
    try {
      for (int i = 0; i < Math.min(each.concurrency(), todo); i++) {
        workers.add(Thread.startVirtualThread(() -> work(open, ended)));
      }
      for (int left = todo - 1; left >= 0; left--) {
        Optional<StatesError> failure = ended.take();
        if (failure.isPresent()) {
          StatesError error = failure.get();
          means.out().accept("%s: %s: %s".formatted(each.label(), error.name(), error.reason()));
          throw new StatesError(FAILED, "The specified tolerated failure threshold was exceeded");
        }
        means
            .out()
            .accept("%s: %,d of %,d".formatted(each.label(), walks.size() - left, walks.size()));
      }
    } finally {
      open.clear();
      workers.forEach(Thread::interrupt);
      for (Thread worker : workers) {
        worker.join();
      }
    }
  }

  private static void work(Queue<Walk> open, BlockingQueue<Optional<StatesError>> ended) {
    for (Walk walk = open.poll(); walk != null; walk = open.poll()) {
      try {
        JsonNode _ = walk.run();
        ended.add(Optional.empty());
      } catch (StatesError error) {
        open.clear(); // no other item begins
        ended.add(Optional.of(error));
      } catch (InterruptedException e) {
        return; // another item has failed
      } catch (RuntimeException e) {
        ended.add(Optional.of(new StatesError(StatesError.RUNTIME, e.toString())));
      }
    }
  }
}

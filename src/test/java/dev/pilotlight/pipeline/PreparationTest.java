package dev.pilotlight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The items that are tokenised before the store is asked.
@Timeout(60)
final class PreparationTest {
  private static final int STACK_BYTES = 512 * 1024;

  private final Model model;

  PreparationTest(@TempDir Path root) throws IOException {
    // not closed: a stack overflow may leave the model's lock taken
    model = ShortTexts.in(root).get("m", null);
  }

  @Test
  void onlySomeOfTheKeysArePrepared() {
    Work work = work(10);
    List<ResultKey> keys = work.missingKeys();
    Set<ResultKey> absent = new HashSet<>(keys.subList(2, 10));
    assertThat(preparation(work).ahead(absent, 48))
        .extracting(PreparedItem::key)
        .containsExactlyInAnyOrderElementsOf(absent);
    assertThat(preparation(work).ahead(absent, 3))
        .extracting(PreparedItem::key)
        .containsExactlyInAnyOrderElementsOf(keys.subList(2, 5));
  }

  @Test
  void stackOverflowInTokenisingMeansNone() throws InterruptedException {
    Work work = work(1);
    Set<ResultKey> absent = Set.copyOf(work.missingKeys());
    Preparation preparation = preparation(work);
    assertThat(preparation.ahead(absent, 48)).hasSize(1);
    AtomicInteger none = new AtomicInteger();
    Thread thread =
        new Thread(
            null, () -> callNearTheEnd(preparation, absent, none), "small stack", STACK_BYTES);
    thread.start();
    thread.join();
    assertThat(none).hasPositiveValue();
  }

  /// Calls at every depth of the stack, the deepest first, until there is room for the whole call.
  ///
  /// @return whether there was room
  @SuppressWarnings("InfiniteRecursion") // it ends with the stack
  private static boolean callNearTheEnd(
      Preparation preparation, Set<ResultKey> absent, AtomicInteger none) {
    try {
      if (callNearTheEnd(preparation, absent, none)) {
        return true;
      }
    } catch (StackOverflowError e) {
      // deeper than here there is no room to catch it
    }
    List<PreparedItem> items = preparation.ahead(absent, 48);
    if (!items.isEmpty()) {
      return true;
    }
    none.incrementAndGet();
    return false;
  }

  private Preparation preparation(Work work) {
    return new Preparation(model, request(List.of()), work, true);
  }

  private static Work work(int count) {
    List<Item> items =
        IntStream.range(0, count).mapToObj(i -> (Item) new Item.Text("hello " + i, false)).toList();
    return new Work(items, _ -> ResultKey.random());
  }

  private static InferenceRequest request(List<Item> items) {
    return new InferenceRequest(
        "tenant",
        items,
        i -> "input",
        CacheUse.NORMAL,
        Deadline.in(Duration.ofSeconds(60)),
        new Meter());
  }
}

package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.local.runtime.Between.Call;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.model.repository.ModelRepository;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// S3 answers slower than the callers can wait.
@Timeout(60)
final class SlowLoadsIT extends S3Models {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofSeconds(20);
  private final CountDownLatch go = new CountDownLatch(1);
  private final List<Timing> waits = new CopyOnWriteArrayList<>();

  @Test
  void aCallerIsRefusedInTimeAndTheSameDownloadServesTheNext() {
    put("slow/a/1/model.onnx", IDENTITY);
    stall(SlowLoadsIT::isGraph);
    ModelRepository repository = listed("s3://models/slow");

    refusedInTime(repository, "model a version 1 is still being loaded");
    refusedInTime(repository, "model a version 1 is still being loaded");
    go.countDown();

    assertServes(get(repository, "a", LONG));
    assertThat(gets()).as("one download for all callers").hasSize(1);
    assertThat(waits).hasSizeGreaterThan(2).extracting(Timing::stage).containsOnly(Stage.LOAD);
  }

  @Test
  void callersAtOnceShareOneLoad() throws Exception {
    put("shared-load/a/1/model.onnx", IDENTITY);
    stall(SlowLoadsIT::isGraph);
    ModelRepository repository = listed("s3://models/shared-load");
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<Model>> models =
          List.of(
              callers.submit(() -> get(repository, "a", LONG)),
              callers.submit(() -> get(repository, "a", LONG)),
              callers.submit(() -> get(repository, "a", LONG)));
      refusedInTime(repository, "model a version 1 is still being loaded");
      go.countDown();
      for (Future<Model> model : models) {
        assertServes(model.get());
      }
    }
    assertThat(gets()).hasSize(1);
  }

  @Test
  void aListingThatStallsIsRefusedInTimeAndServesTheNext() {
    put("slow-list/a/1/model.onnx", IDENTITY);
    stall(SlowLoadsIT::isListing);
    ModelRepository repository = repository("s3://models/slow-list");

    refusedInTime(repository, "the models are still being listed");
    refusedInTime(() -> withDeadline(repository, SHORT, repository::list), "being listed");
    go.countDown();
    assertServes(get(repository, "a", LONG));
  }

  @Test
  void namesThatStallAreRefusedInTime() {
    put("slow-names/a/1/model.onnx", IDENTITY);
    byte[] hints = "{\"aliases\":[\"other\"]}".getBytes(StandardCharsets.UTF_8);
    put("slow-names/a/1/pilotlight.json", hints);
    stall(SlowLoadsIT::isHints);
    ModelRepository repository = repository("s3://models/slow-names");

    refusedInTime(
        () -> get(repository, "other", SHORT),
        "pilotlight.json of model a version 1 is still being read");
    go.countDown();
    assertServes(get(repository, "other", LONG));
  }

  @Test
  void failureBeforeTheDeadlineIsReportedAtOnce() {
    put("fails/a/1/model.onnx", new byte[10]);
    ModelRepository repository = repository("s3://models/fails");
    assertThatThrownBy(() -> get(repository, "a", LONG))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE))
        .hasMessageContaining("model a version 1 cannot be loaded");
  }

  @Test
  void closingEndsADownloadThatStalls() {
    put("closing/a/1/model.onnx", IDENTITY);
    stall(SlowLoadsIT::isGraph);
    ModelRepository repository = listed("s3://models/closing");
    refusedInTime(repository, "model a version 1 is still being loaded");

    Thread closing = Thread.ofPlatform().start(repository::close);
    go.countDown();
    Await.until(() -> !closing.isAlive());
  }

  /// On a busy machine the listing alone may take longer than the short wait.
  private ModelRepository listed(String location) {
    ModelRepository repository = repository(location);
    assertThat(repository.list()).hasSize(1);
    return repository;
  }

  private static boolean isGraph(Call call) {
    return call.uri().getPath().endsWith(".onnx");
  }

  private static boolean isListing(Call call) {
    return String.valueOf(call.uri().getQuery()).contains("list-type");
  }

  private static boolean isHints(Call call) {
    return call.uri().getPath().endsWith("pilotlight.json");
  }

  private void stall(Predicate<Call> which) {
    between.rule(call -> which.test(call) ? new Fate.Stall(go) : new Fate.Pass());
  }

  private void refusedInTime(ModelRepository repository, String message) {
    refusedInTime(() -> get(repository, "a", SHORT), message);
  }

  private static void refusedInTime(Supplier<?> call, String message) {
    long start = System.nanoTime();
    assertThatThrownBy(call::get)
        .isInstanceOfSatisfying(
            Refusal.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
              assertThat(e.retryAfter()).contains(Duration.ofSeconds(1));
              assertThat(e.message()).contains(message).contains("try again");
            });
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, Duration.ofSeconds(5));
  }

  private Model get(ModelRepository repository, String name, Duration time) {
    return withDeadline(repository, time, () -> repository.get(name, null));
  }

  private <T> T withDeadline(ModelRepository repository, Duration time, Supplier<T> call) {
    try (ModelRepository.Use _ = repository.use(Deadline.in(time), waits::add)) {
      return call.get();
    }
  }
}

package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.batch.BatchSteps.Point;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.runtime.Between.Call;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Events come more than once, at once and late; versions of an object come while others are worked
/// on.
@Timeout(300)
@ParameterizedClass
@EnumSource(BatchForm.class)
@Order(1) // it is long
@OnlyInFaults
class BatchDuplicatesIT {
  private static final String KEY = "twice.jsonl";
  private static final String OLDER = BatchLines.mixed(10, 60);
  private static final String NEWER = BatchLines.good(11, 40);
  private static final String IN_BOTH_FORMS = "both";
  private static final Set<String> READS = Set.of("GET", "HEAD");

  @Parameter
  @SuppressWarnings("NullAway.Init")
  private BatchForm form;

  @SuppressWarnings("NullAway.Init")
  private BatchStack batches;

  private final List<S3Local.Created> versions = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start(TestInfo test) throws IOException {
    if (!test.getTags().contains(IN_BOTH_FORMS)) {
      form.assumeVerifies(BatchForm.EVENTS);
    }
    batches =
        BatchStack.start(
            form,
            options ->
                options
                    .withEnvironmentsMax(2)
                    .withLogs(Options.Logs.ALL)
                    // what is saved when the time has come differs from run to run
                    .withVariable("PILOTLIGHT_BATCH_CHECKPOINT_MS", "60000"));
    batches
        .stack()
        .s3()
        .onCreated(
            created -> {
              if (created.bucket().equals(BatchStack.IN) && created.key().equals(KEY)) {
                versions.add(created);
              }
            });
    batches.betweenDynamo().rule(BatchHurry.slowly(BatchFaults::pass));
  }

  @AfterEach
  void stop() {
    if (batches != null) { // else the long form has the case
      batches.close();
    }
  }

  @Test
  @Tag(IN_BOTH_FORMS)
  void theSameEventFiveTimesAtOnceIsOneOutputAndOneSetOfWrites() throws Exception {
    BatchStack.Output reference = batches.answer(KEY, OLDER);
    BatchCrashIT.requireWhole(reference, 60, 6);
    Map<String, Integer> writes = writes();
    assertThat(writes.get("result")).isEqualTo(reference.count("items"));

    for (int run = 0; run < 2; run++) { // of the second one both environments are warm
      batches.forget();
      long known = turnedAway();
      batches.betweenS3().rule(call -> whenAnotherWasTurnedAway(call, known));
      batches.put(KEY, OLDER);
      batches.stack().s3().awaitDelivered();
      for (int more = 0; more < 4; more++) {
        batches.deliver(event(versions.getLast()));
      }
      BatchStack.Output output = batches.awaitOutput(KEY);
      output.requireSame(reference);
      assertThat(output.count("invocations")).isOne();
      assertThat(writes()).isEqualTo(writes);
      batches.requireNothingLeft();
    }
    assertThat(batches.stack().environments(BatchStack.FUNCTION)).isEqualTo(2);
    assertThat(turnedAway()).isPositive();
    requireNoWritesFor(versions.getLast());
    // a process's output is read on its way
    Await.until(() -> batches.stack().logs().stream().anyMatch(BatchDuplicatesIT::isDoneBefore));
    assertThat(batches.stack().failures()).isEmpty();
  }

  private static boolean isDoneBefore(String line) {
    return line.contains("\"because\":\"done-before\"");
  }

  /// The object is only read when another invocation has found the batch taken: however slowly the
  /// second environment starts, the two meet.
  private Fate whenAnotherWasTurnedAway(Call call, long known) {
    if (call.method().equals("GET") && call.uri().getPath().endsWith(KEY)) {
      Await.until(() -> turnedAway() > known);
    }
    return new Fate.Pass();
  }

  private long turnedAway() {
    return batches.stack().logs().stream()
        .filter(line -> line.contains("\"because\":\"held\""))
        .count();
  }

  @Test
  void aNewerVersionTakesThePlaceOfTheOlderOneThatIsWorkedOn() throws Exception {
    BatchStack.Output newer = batches.answer(KEY, NEWER);
    BatchCrashIT.requireWhole(newer, 40, 0);
    AtomicInteger writes = new AtomicInteger();
    batches
        .betweenDynamo()
        .rule(
            BatchHurry.slowly(
                call -> {
                  if (call.action().equals("BatchWriteItem") && writes.incrementAndGet() == 2) {
                    batches.put(KEY, NEWER);
                  }
                  return new Fate.Pass();
                }));
    BatchStack.Output output = batches.answer(KEY, OLDER);
    requireNewer(output, newer);
    requireNoWritesFor(versions.get(versions.size() - 2));
    requireNewer(batches.awaitOutput(KEY), newer);
  }

  @Test
  void newerVersionMayComeAtAnyCallOfTheOlderOne() throws Exception {
    BatchStack.Output newer = batches.answer(KEY, NEWER);
    BatchSteps steps = new BatchSteps(() -> batches.put(KEY, NEWER));
    batches.betweenS3().rule(steps::s3);
    batches.betweenDynamo().rule(steps::dynamo);
    steps.begin(List.of());
    batches.answer(KEY, OLDER);
    for (Point point : Soak.cases(steps.seen(), BatchStepsIT::kind)) {
      batches.forget();
      batches.awaitReady();
      steps.begin(List.of(new Point(point.name(), point.count(), false)));
      int before = versions.size();
      batches.put(KEY, OLDER);
      BatchStack.Output output = batches.awaitOutput(KEY);
      assertThat(versions).as("the newer one came at %s", point).hasSize(before + 2);
      requireNewer(output, newer);
      requireNoWritesFor(versions.get(before));
    }
  }

  @Test
  void uploadsThatTheOlderOneBeginsAfterTheNewerOneIsDoneAreDeleted() throws Exception {
    BatchStack.Output newer = batches.answer(KEY, NEWER);
    AtomicBoolean begun = new AtomicBoolean();
    batches
        .betweenS3()
        .rule(
            call -> {
              if (call.method().equals("POST")
                  && "uploads".equals(call.uri().getQuery())
                  && begun.compareAndSet(false, true)) {
                batches.put(KEY, NEWER);
                awaitClearedUp();
              }
              return new Fate.Pass();
            });
    BatchStack.Output output = batches.answer(KEY, OLDER);
    assertThat(begun).isTrue();
    requireNewer(output, newer);
  }

  /// A batch's last call to S3 lists its continuations.
  private void awaitClearedUp() {
    Await.until(
        () ->
            batches.betweenS3().calls().stream()
                .map(call -> call.uri().toString())
                .anyMatch(
                    uri -> uri.startsWith("/" + BatchStack.OUT + "?") && uri.contains("continue")));
  }

  @Test
  @Tag(IN_BOTH_FORMS)
  void anOlderVersionsEventThatComesLateChangesNothing() throws Exception {
    BatchStack.Output older = batches.answer(KEY, OLDER);
    batches.put(KEY, NEWER);
    BatchStack.Output newer = batches.awaitOutput(KEY);
    assertThat(newer.out()).isNotEqualTo(older.out());
    assertThat(batches.read(BatchStack.OUT, KEY + ".errors.jsonl")).isEmpty();
    requireNoWritesFor(versions.getFirst());
    requireNewer(batches.awaitOutput(KEY), newer);
  }

  private void requireNewer(BatchStack.Output output, BatchStack.Output newer) {
    output.requireSame(newer);
    assertThat(output.summary().at("/input/sequencer").asText())
        .isEqualTo(versions.getLast().sequencer());
    assertThat(batches.read(BatchStack.OUT, KEY + ".errors.jsonl")).isEmpty();
    batches.requireNothingLeft();
    assertThat(batches.stack().failures()).isEmpty();
  }

  private void requireNoWritesFor(S3Local.Created version) throws Exception {
    batches.awaitIdle();
    batches.betweenS3().forgetCalls();
    batches.betweenDynamo().forgetCalls();
    batches.deliver(event(version));
    batches.awaitIdle();
    assertThat(batches.betweenDynamo().calls()).isNotEmpty();
    assertThat(writes()).isEmpty();
  }

  /// How often each was done; renewals of a lease come when they come.
  private Map<String, Integer> writes() {
    Map<String, Integer> writes = new HashMap<>();
    batches.betweenS3().calls().stream()
        .filter(call -> !READS.contains(call.method()))
        .forEach(call -> writes.merge(BatchSteps.s3Name(call), 1, Integer::sum));
    Map<String, Function<Call, Integer>> results =
        Map.of(
            "BatchWriteItem", call -> call.body().split("\"PutRequest\"", -1).length - 1,
            "PutItem", call -> call.body().contains("batch#") ? 0 : 1);
    int count = 0;
    for (Call call : batches.betweenDynamo().calls()) {
      count += results.getOrDefault(call.action(), _ -> 0).apply(call);
    }
    if (count > 0) {
      writes.put("result", count);
    }
    return writes;
  }

  private static String event(S3Local.Created version) {
    return """
    {"Records":[{"eventSource":"aws:s3","eventName":"%s","s3":{"bucket":{"name":"%s"},
    "object":{"key":"%s","size":%d,"eTag":"%s","versionId":"%s","sequencer":"%s"}}}]}"""
        .formatted(
            version.eventName(),
            version.bucket(),
            version.key(),
            version.size(),
            version.eTag(),
            version.versionId(),
            version.sequencer());
  }
}

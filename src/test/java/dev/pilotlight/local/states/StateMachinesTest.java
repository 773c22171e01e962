package dev.pilotlight.local.states;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.template.MachineSettings;
import dev.pilotlight.local.template.Template;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The template's own machine, with a function that answers as a test wants.
class StateMachinesTest {
  private static final List<MachineSettings> TEMPLATES =
      Template.read(
              Path.of("template.yaml"),
              Map.of("BatchFanOutBytes", "1000", "BatchFanOutConcurrency", "5"))
          .machines();
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String PLANNED =
      """
      {"outcome":"planned","batch":"b","shards":3,"bucket":"pilotlight-out","key":"plan"}""";

  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> ends = new CopyOnWriteArrayList<>();

  @Test
  void objectIsPlannedAnsweredInShardsAndPublished() throws Exception {
    FakeCalls calls =
        new FakeCalls(
            "[{\"index\":0},{\"index\":1},{\"index\":2}]",
            payload ->
                step(payload).equals("plan") ? PLANNED : "{\"outcome\":\"done\",\"more\":[1]}");
    try (StateMachines machines = machines(calls)) {
      machines.accept(created("in.jsonl"));
      assertThat(machines.awaitIdle(LONG)).isTrue();
      Execution execution = machines.executions().getFirst();
      assertThat(execution.status()).isEqualTo(Execution.Status.SUCCEEDED);
      assertThat(calls.payloads).hasSize(5);
      JsonNode plan = Json.read(calls.payloads.getFirst()).orElseThrow().path("fanOut");
      assertThat(plan.path("execution").asText()).isEqualTo(execution.id());
      assertThat(plan.at("/event/detail/object/key").asText()).isEqualTo("in.jsonl");
      assertThat(calls.payloads.subList(1, 4))
          .contains(
              """
              {"fanOut":{"step":"shard","execution":"%s","batch":"b","shard":{"index":1}}}"""
                  .formatted(execution.id()));
      assertThat(calls.payloads.getLast())
          .isEqualTo(
              """
              {"fanOut":{"step":"publish","execution":"%s","batch":"b"}}"""
                  .formatted(execution.id()));
      assertThat(ends).isEmpty();
    }
  }

  @Test
  void objectOfAnotherBucketStartsNothing() throws Exception {
    FakeCalls calls = new FakeCalls("[]", _ -> "{}");
    try (StateMachines machines = machines(calls)) {
      machines.accept(created("pilotlight-out", "in.jsonl"));
      assertThat(machines.executions()).isEmpty();
    }
  }

  @Test
  void batchThatWaitsForItsTenantsTurnIsPlannedAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    FakeCalls fake =
        new FakeCalls(
            "[]",
            _ ->
                calls.incrementAndGet() < 3
                    ? "{\"outcome\":\"waits\",\"seconds\":30}"
                    : "{\"outcome\":\"gone\"}");
    try (StateMachines machines = machines(fake)) {
      machines.accept(created("in.jsonl"));
      assertThat(machines.awaitIdle(LONG)).isTrue();
      assertThat(fake.payloads).hasSize(3);
      assertThat(machines.executions().getFirst().state()).isEqualTo("Done");
    }
  }

  @Test
  void waitWithoutANumberOfSecondsFailsTheExecution() throws Exception {
    FakeCalls calls = new FakeCalls("[]", _ -> "{\"outcome\":\"waits\"}");
    try (StateMachines machines = machines(calls)) {
      machines.accept(created("in.jsonl"));
      assertThat(machines.awaitIdle(LONG)).isTrue();
      Execution failed = machines.executions().getFirst();
      assertThat(failed.state()).isEqualTo("TenantsTurn");
      assertThat(failed.error()).isEqualTo("States.Runtime");
    }
  }

  @Test
  void stepsThatHandOverAreCalledAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    FakeCalls fake =
        new FakeCalls(
            "[{\"index\":0}]",
            payload ->
                calls.incrementAndGet() % 2 == 1
                    ? "{\"outcome\":\"handed-over\"}"
                    : step(payload).equals("plan") ? PLANNED : "{\"outcome\":\"done\"}");
    try (StateMachines machines = machines(fake)) {
      machines.accept(created("in.jsonl"));
      assertThat(machines.awaitIdle(LONG)).isTrue();
      assertThat(fake.payloads).hasSize(6);
      assertThat(machines.executions().getFirst().status()).isEqualTo(Execution.Status.SUCCEEDED);
    }
  }

  @Test
  void batchThatNeedsNothingEndsAfterThePlan() throws Exception {
    for (String outcome : List.of("done-before", "superseded", "gone", "ignored", "held")) {
      FakeCalls calls = new FakeCalls("[]", _ -> "{\"outcome\":\"%s\"}".formatted(outcome));
      try (StateMachines machines = machines(calls)) {
        machines.accept(created("in.jsonl"));
        assertThat(machines.awaitIdle(LONG)).isTrue();
        assertThat(calls.payloads).hasSize(1);
        assertThat(machines.executions().getFirst().state()).isEqualTo("Done");
      }
    }
  }

  @Test
  void unknownOutcomeFailsTheExecutionAndSendsItsEnd() throws Exception {
    FakeCalls calls = new FakeCalls("[]", _ -> "{\"outcome\":\"perhaps\"}");
    try (StateMachines machines = machines(calls)) {
      machines.accept(created("in.jsonl"));
      assertThat(machines.awaitIdle(LONG)).isTrue();
      JsonNode end = Json.read(ends.getFirst().split(" ", 2)[1]).orElseThrow();
      assertThat(ends.getFirst()).startsWith("BatchFunction {");
      assertThat(end.path("source").asText()).isEqualTo("aws.states");
      assertThat(end.at("/detail/status").asText()).isEqualTo("FAILED");
      assertThat(end.at("/detail/error").asText()).isEqualTo("Pilotlight.UnknownOutcome");
      assertThat(Json.read(end.at("/detail/input").asText()).orElseThrow().at("/detail/object/key"))
          .hasToString("\"in.jsonl\"");
    }
  }

  @Test
  void failedShardFailsTheExecutionAndARedriveFinishesIt() throws Exception {
    AtomicInteger failures = new AtomicInteger(1);
    FakeCalls calls =
        new FakeCalls(
            "[{\"index\":0},{\"index\":1},{\"index\":2}]",
            payload -> {
              if (payload.at("/fanOut/shard/index").asInt(-1) == 1
                  && failures.getAndDecrement() > 0) {
                throw new StatesError("dev.pilotlight.batch.s3.BatchException$Unreadable", "x");
              }
              return step(payload).equals("plan") ? PLANNED : "{\"outcome\":\"done\"}";
            });
    try (StateMachines machines = machines(calls)) {
      machines.accept(created("in.jsonl"));
      assertThat(machines.awaitIdle(LONG)).isTrue();
      Execution failed = machines.executions().getFirst();
      assertThat(failed.state()).isEqualTo("Shards");
      assertThat(failed.error()).isEqualTo(Items.FAILED);
      machines.redrive(failed.id());
      assertThat(machines.awaitIdle(LONG)).isTrue();
      assertThat(machines.executions()).hasSize(1);
      assertThat(machines.executions().getFirst().status()).isEqualTo(Execution.Status.SUCCEEDED);
      assertThat(calls.payloads).filteredOn(it -> it.contains("\"plan\"")).hasSize(1);
      assertThatThrownBy(() -> machines.redrive(failed.id())).hasMessageContaining("SUCCEEDED");
    }
  }

  @Test
  void deadEnvironmentAndThrottlingAndAnUnavailableStoreAreTriedAgain() throws Exception {
    List<String> errors =
        List.of(
            "Lambda.TooManyRequestsException",
            "Runtime.ExitError",
            "Sandbox.Timedout",
            "States.Timeout",
            "dev.pilotlight.batch.s3.BatchException$Unavailable");
    AtomicInteger calls = new AtomicInteger();
    FakeCalls fake =
        new FakeCalls(
            "[]",
            _ -> {
              int call = calls.getAndIncrement();
              if (call < errors.size()) {
                throw new StatesError(errors.get(call), "x");
              }
              return "{\"outcome\":\"gone\"}";
            });
    try (StateMachines machines = machines(fake)) {
      machines.accept(created("in.jsonl"));
      assertThat(machines.awaitIdle(LONG)).isTrue();
      assertThat(fake.payloads).hasSize(6);
      assertThat(machines.executions().getFirst().status()).isEqualTo(Execution.Status.SUCCEEDED);
    }
  }

  @Test
  void executionThatTheRunnerDoesNotFinishIsNamedWhenItStops() {
    FakeCalls calls =
        new FakeCalls(
            "[]",
            _ -> {
              Thread.sleep(60_000);
              return "{}";
            });
    String id;
    try (StateMachines machines = machines(calls)) {
      id = machines.start("FanOut", "{}".getBytes(UTF_8));
      assertThat(machines.isIdle()).isFalse();
    }
    assertThat(out).contains(id + " did not finish; put the object again to restart it");
  }

  private StateMachines machines(FakeCalls calls) {
    return new StateMachines(
        TEMPLATES,
        calls,
        (function, event) -> ends.add(function + " " + new String(event, UTF_8)),
        Duration.ofMillis(1),
        out::add);
  }

  private static String step(JsonNode payload) {
    return payload.at("/fanOut/step").asText();
  }

  private static S3Local.Created created(String key) {
    return created("pilotlight-in", key);
  }

  private static S3Local.Created created(String bucket, String key) {
    return new S3Local.Created("ObjectCreated:Put", bucket, key, "v1", "e", 1_001, "0A");
  }
}

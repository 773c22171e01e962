package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.template.LocalAccount;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/// A snapshot of an execution of a state machine. Immutable.
///
/// @param id its ARN
/// @param machine the ARN of its machine
/// @param input JSON
/// @param status current status
/// @param state current or last state
/// @param error the name of the error; empty unless it has failed
/// @param reason the cause of the error
public record Execution(
    String id,
    String machine,
    String input,
    Status status,
    String state,
    String error,
    String reason,
    Instant started) {
  /// Step Functions' names.
  public enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED,
    ABORTED
  }

  /// @param machineId logical id of the machine
  static Execution begin(String machineId, JsonNode input) {
    String name = UUID.randomUUID().toString();
    return new Execution(
        arn("execution", machineId + ":" + name),
        arn("stateMachine", machineId),
        new String(Json.bytes(input), StandardCharsets.UTF_8),
        Status.RUNNING,
        "",
        "",
        "",
        Instant.now());
  }

  Execution at(String now) {
    return new Execution(id, machine, input, Status.RUNNING, now, "", "", started);
  }

  Execution end(Status ended, String last, Optional<StatesError> failure) {
    return new Execution(
        id,
        machine,
        input,
        ended,
        last,
        failure.map(StatesError::name).orElse(""),
        failure.map(StatesError::reason).orElse(""),
        started);
  }

  /// EventBridge's event about the end of an execution.
  ///
  /// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
  byte[] event(Instant ended) {
    ObjectNode event = Json.object();
    event
        .put("version", "0")
        .put("id", UUID.randomUUID().toString())
        .put("detail-type", "Step Functions Execution Status Change")
        .put("source", "aws.states")
        .put("account", LocalAccount.ID)
        .put("time", ended.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("region", LocalAccount.REGION)
        .putArray("resources")
        .add(id);
    ObjectNode detail = event.putObject("detail");
    detail
        .put("executionArn", id)
        .put("stateMachineArn", machine)
        .put("name", id.substring(id.lastIndexOf(':') + 1))
        .put("status", status.name())
        .put("startDate", started.toEpochMilli())
        .put("stopDate", ended.toEpochMilli())
        .put("input", input)
        .putNull("output");
    detail.put("error", error).put("cause", reason);
    return Json.bytes(event);
  }

  private static String arn(String kind, String name) {
    return "arn:aws:states:%s:%s:%s:%s".formatted(LocalAccount.REGION, LocalAccount.ID, kind, name);
  }
}

package dev.pilotlight.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads from a template which state machines new objects in S3 start, and which functions receive
/// the event when they end. The local runner runs no other machines.
final class MachineReader {
  private static final String RULE = "AWS::Events::Rule";
  private static final String MACHINE = "AWS::StepFunctions::StateMachine";

  private final TriggerReader.Resources resources;

  MachineReader(TriggerReader.Resources resources) {
    this.resources = resources;
  }

  /// Whether a rule starts a state machine (its pattern is a string) or matches executions of one.
  static boolean isOfMachines(Map<?, ?> rule) {
    return rule.get("EventPattern") instanceof String || isOfExecutions(rule);
  }

  private static boolean isOfExecutions(Map<?, ?> rule) {
    return rule.get("EventPattern") instanceof Map<?, ?> pattern
        && List.of("aws.states").equals(pattern.get("source"));
  }

  /// @throws IllegalArgumentException in one clear line if one is wrong
  List<MachineSettings> machines() {
    Map<String, List<MachineSettings.Start>> starts = new LinkedHashMap<>();
    Map<String, List<MachineSettings.End>> ends = new LinkedHashMap<>();
    resources
        .ofType(RULE)
        .forEach(
            (id, rule) -> {
              if (rule.get("EventPattern") instanceof String pattern) {
                String machine = find(id, MACHINE, target(id, rule));
                starts.computeIfAbsent(machine, _ -> new ArrayList<>()).add(start(id, pattern));
              } else if (isOfExecutions(rule)) {
                end(id, rule, ends);
              }
            });
    return starts.entrySet().stream()
        .map(
            each ->
                new MachineSettings(
                    each.getKey(),
                    definition(each.getKey()),
                    each.getValue(),
                    ends.getOrDefault(each.getKey(), List.of())))
        .toList();
  }

  private String definition(String id) {
    if (resources.ofType(MACHINE).getOrDefault(id, Map.of()).get("DefinitionString")
        instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(id + " has no DefinitionString");
  }

  private MachineSettings.Start start(String id, String pattern) {
    JsonNode root = Json.read(pattern).orElse(Json.object());
    String bucket = root.at("/detail/bucket/name/0").asText();
    String prefix = root.at("/detail/object/key/0/prefix").asText();
    if (root.equals(
        Json.read(pattern(new MachineSettings.Start(id, bucket, prefix))).orElseThrow())) {
      return new MachineSettings.Start(id, BucketNames.local(resources, bucket), prefix);
    }
    throw new IllegalArgumentException(
        "rule %s has the EventPattern %s; accepted: %s, and without the key"
            .formatted(id, pattern, pattern(new MachineSettings.Start(id, "bucket", "prefix"))));
  }

  private static String pattern(MachineSettings.Start start) {
    String key = start.prefix().isEmpty() ? "" : ",\"object\":{\"key\":[{\"prefix\":\"%s\"}]}";
    return """
        {"source":["aws.s3"],"detail-type":["Object Created"],\
        "detail":{"bucket":{"name":["%s"]}%s}}"""
        .formatted(start.bucket(), key.formatted(start.prefix()));
  }

  private void end(String id, Map<?, ?> rule, Map<String, List<MachineSettings.End>> ends) {
    if (rule.get("EventPattern") instanceof Map<?, ?> pattern
        && List.of("Step Functions Execution Status Change").equals(pattern.get("detail-type"))
        && pattern.get("detail") instanceof Map<?, ?> detail
        && detail.keySet().equals(java.util.Set.of("status", "stateMachineArn"))
        && detail.get("status") instanceof List<?> statuses
        && detail.get("stateMachineArn") instanceof List<?> machines
        && machines.size() == 1) {
      String machine = find(id, MACHINE, String.valueOf(machines.getFirst()));
      String function = find(id, "AWS::Serverless::Function", target(id, rule));
      MachineSettings.End end =
          new MachineSettings.End(id, function, statuses.stream().map(String::valueOf).toList());
      ends.computeIfAbsent(machine, _ -> new ArrayList<>()).add(end);
      return;
    }
    throw new IllegalArgumentException(
        "rule %s has the EventPattern %s; accepted: {source: [aws.states], detail-type: [Step"
                .formatted(id, rule.get("EventPattern"))
            + " Functions Execution Status Change], detail: {status: [...], stateMachineArn: [a"
            + " machine]}}");
  }

  private static String target(String id, Map<?, ?> rule) {
    if (rule.get("Targets") instanceof List<?> targets
        && targets.size() == 1
        && targets.getFirst() instanceof Map<?, ?> target
        && !target.containsKey("InputTransformer")
        && !target.containsKey("Input")
        && !target.containsKey("InputPath")) {
      return String.valueOf((@Nullable Object) target.get("Arn"));
    }
    throw new IllegalArgumentException(
        "rule %s has the Targets %s; accepted: one target without an input transformation"
            .formatted(id, rule.get("Targets")));
  }

  private String find(String rule, String type, String localName) {
    Optional<String> found =
        resources.ofType(type).keySet().stream()
            .filter(id -> Intrinsics.localName(id).equals(localName))
            .findFirst();
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                "rule %s names %s, which is not one of %s"
                    .formatted(rule, localName, resources.ofType(type).keySet())));
  }
}

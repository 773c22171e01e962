package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads states, and refuses what the executor does not implement.
final class StateReader {
  private static final Pattern INVOKE =
      Pattern.compile("arn:aws(-[a-z-]+)?:states:::lambda:invoke");
  private static final Pattern GET_OBJECT =
      Pattern.compile("arn:aws(-[a-z-]+)?:states:::s3:getObject");
  private static final int TIMEOUT_MAX = 99_999_999;
  private static final int CONCURRENCY_MAX = 10_000;

  private StateReader() {}

  /// @throws IllegalArgumentException in one clear line
  static State read(Fields fields) {
    String type = fields.text("Type");
    fields.optional("Comment");
    State state =
        switch (type) {
          case "Task" -> task(fields);
          case "Map" -> eachItem(fields);
          case "Choice" -> choice(fields);
          case "Wait" ->
              new State.Wait(
                  Reference.parse(fields.place() + ".SecondsPath", fields.text("SecondsPath")),
                  fields.text("Next"));
          case "Succeed" -> new State.Succeed(empties(fields));
          case "Fail" -> new State.Fail(fields.text("Error"), fields.text("Cause"));
          default ->
              throw new IllegalArgumentException(
                  "%s.Type is %s; the local runner has Task, Map, Choice, Wait, Succeed and Fail"
                      .formatted(fields.place(), type));
        };
    fields.refuseOthers();
    return state;
  }

  private static State task(Fields fields) {
    matching(fields, "Resource", INVOKE);
    Payload function = payload(fields, "Parameters");
    Fields parameters = fields.fields("Parameters");
    String _ = parameters.text("FunctionName");
    JsonNode _ = parameters.required("Payload");
    parameters.refuseOthers();
    return new State.Task(
        function,
        payload(fields, "ResultSelector"),
        resultField(fields),
        Duration.ofSeconds(fields.number("TimeoutSeconds", 1, TIMEOUT_MAX)),
        fields.list("Retry").stream().map(Retrier::parse).toList(),
        fields.text("Next"));
  }

  private static State eachItem(Fields fields) {
    String label = fields.text("Label");
    Fields reader = fields.fields("ItemReader");
    matching(reader, "Resource", GET_OBJECT);
    Payload object = payload(reader, "Parameters");
    Fields readerConfig = reader.fields("ReaderConfig");
    readerConfig.exactly("InputType", "JSON");
    readerConfig.refuseOthers();
    reader.refuseOthers();
    int _ = fields.number("ToleratedFailurePercentage", 0, 0);
    JsonNode result = fields.required("ResultPath");
    if (!result.isNull()) {
      throw fields.refused("ResultPath", result, "null, which drops the results of items");
    }
    Fields processor = fields.fields("ItemProcessor");
    Fields processorConfig = processor.fields("ProcessorConfig");
    processorConfig.exactly("Mode", "DISTRIBUTED");
    processorConfig.exactly("ExecutionType", "STANDARD");
    processorConfig.refuseOthers();
    Definition definition = Definition.parse(processor);
    processor.refuseOthers();
    return new State.EachItem(
        label,
        object,
        payload(fields, "ItemSelector"),
        fields.number("MaxConcurrency", 1, CONCURRENCY_MAX),
        definition,
        fields.text("Next"));
  }

  private static State choice(Fields fields) {
    List<State.Rule> rules =
        fields.list("Choices").stream()
            .map(
                each -> {
                  Reference variable =
                      Reference.parse(each.place() + ".Variable", each.text("Variable"));
                  State.Rule rule =
                      new State.Rule(variable, each.text("StringEquals"), each.text("Next"));
                  each.refuseOthers();
                  return rule;
                })
            .toList();
    if (rules.isEmpty()) {
      throw new IllegalArgumentException(fields.place() + " has no Choices");
    }
    return new State.Choice(rules, fields.text("Default"));
  }

  private static boolean empties(Fields fields) {
    Optional<JsonNode> path = fields.optional("OutputPath");
    if (path.isPresent() && !path.get().isNull()) {
      throw fields.refused("OutputPath", path.get(), "null, or no such field");
    }
    return path.isPresent();
  }

  /// The field of the input that `ResultPath` names.
  private static String resultField(Fields fields) {
    String path = fields.text("ResultPath");
    Reference parsed = Reference.parse(fields.place() + ".ResultPath", path);
    if (parsed.context() || parsed.steps().size() != 1) {
      throw fields.refused("ResultPath", fields.required("ResultPath"), "$.name");
    }
    return parsed.steps().getFirst();
  }

  private static Payload payload(Fields fields, String name) {
    return Payload.parse(fields.place() + "." + name, fields.required(name));
  }

  private static void matching(Fields fields, String name, Pattern accepted) {
    String value = fields.text(name);
    if (!accepted.matcher(value).matches()) {
      throw fields.refused(name, fields.required(name), accepted.pattern());
    }
  }
}

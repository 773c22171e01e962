package dev.pilotlight.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.support.EmbeddedMetrics;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The standard output of functions, from a local stack that shows all of it.
public final class FunctionLog {
  private static final String ENVIRONMENT = "  env ";
  private static final String AFTER_ENVIRONMENT = " | ";

  private FunctionLog() {}

  /// How many environments wrote a line of metrics: one that became ready late wrote none.
  static long environments(LocalStack stack) {
    return stack.logs().stream()
        .filter(line -> line.startsWith(ENVIRONMENT) && line.contains(AFTER_ENVIRONMENT))
        .filter(line -> EmbeddedMetrics.isOne(withoutEnvironment(line)))
        .map(line -> line.substring(0, line.indexOf(AFTER_ENVIRONMENT)))
        .distinct()
        .count();
  }

  /// Each line as it was written.
  static Stream<String> lines(LocalStack stack) {
    return stack.logs().stream()
        .filter(line -> line.startsWith(ENVIRONMENT) && line.contains(AFTER_ENVIRONMENT))
        .map(FunctionLog::withoutEnvironment);
  }

  private static String withoutEnvironment(String line) {
    return line.substring(line.indexOf(AFTER_ENVIRONMENT) + AFTER_ENVIRONMENT.length());
  }

  /// Lines of metrics that match, when there are as many: a process's output is read on its way.
  public static List<JsonNode> metrics(LocalStack stack, int count, Predicate<JsonNode> wanted) {
    Await.until(() -> metrics(stack, wanted).size() >= count);
    return metrics(stack, wanted);
  }

  private static List<JsonNode> metrics(LocalStack stack, Predicate<JsonNode> wanted) {
    return lines(stack)
        .filter(EmbeddedMetrics::isOne)
        .map(EmbeddedMetrics::read)
        .filter(wanted)
        .toList();
  }
}

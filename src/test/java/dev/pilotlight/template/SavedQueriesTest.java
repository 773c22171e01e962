package dev.pilotlight.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.support.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The template's saved queries ask for fields that are in the lines that they read.
final class SavedQueriesTest {
  /// A field's name: not a function, not an alias after `as`, and not in quotes.
  private static final Pattern NAME =
      Pattern.compile("(?<!as )(?<![@\\w.\"])[A-Za-z][\\w.]*(?![\\w.]*[(\"\\w])");

  private static final Pattern ALIAS = Pattern.compile("(?<= as )\\w+");
  private static final Set<String> WORDS =
      Set.of(
          "fields", "filter", "stats", "sort", "limit", "by", "as", "in", "or", "and", "like",
          "desc");

  /// Fields of lines about failures: ours, and Lambda's for an invocation that failed.
  private static final Set<String> OF_FAILURES =
      Set.of("level", "message", "error", "at", "requestId", "repeats", "type", "record.status");

  /// Fields of the log's line about a request.
  private static final Set<String> OF_REQUESTS =
      Set.of(
          "reason",
          "status",
          "route",
          "lambdaRequestId",
          "traceId",
          "model",
          "items",
          "tokens",
          "tier",
          "ms");

  private static final String ACCESS = "AccessQuery";

  @Test
  void everyFieldIsWritten() throws IOException {
    String template = Files.readString(Path.of("template.yaml"));
    Map<String, Map<?, ?>> queries = queries(template);
    assertThat(queries).hasSize(7);
    queries.forEach((id, query) -> assertThat(unknown(template, id, query)).as(id).isEmpty());
  }

  @Test
  void aFieldThatNobodyWritesIsFound() throws IOException {
    String template = Files.readString(Path.of("template.yaml"));
    Map<String, String> planted =
        Map.of(
            "ErrorsQuery",
            "message, error, at",
            "SlowQuery",
            "lookupMs, runMs",
            "CostQuery",
            "ispresent(EstimatedCost)",
            "UsageQuery",
            "sum(items) as items, sum(tokens)",
            ACCESS,
            "by method, path");
    planted.forEach(
        (id, text) -> {
          String changed =
              template.replace(text, text.replaceFirst("[a-zA-Z]+(?=\\W*$)", "absent"));
          assertThat(changed).isNotEqualTo(template);
          assertThat(unknown(changed, id, Watching.map(queries(changed).get(id))))
              .containsExactly("absent");
        });
  }

  @Test
  void theRuleThatRanksTenantsReadsFieldsOfTheLineOfUsage() throws IOException {
    Watching template = new Watching(Files.readString(Path.of("template.yaml")));
    Map<?, ?> rule = Watching.map(template.ofType("AWS::CloudWatch::InsightRule").get("UsageRule"));
    Set<String> fields =
        matches(Pattern.compile("(?<=\\$\\.)\\w+"), String.valueOf(rule.get("RuleBody")));
    assertThat(fields).containsExactly("message", "tenant", Counter.USD_NANO.wireName());
  }

  private static Map<String, Map<?, ?>> queries(String template) {
    return new Watching(template).ofType("AWS::Logs::QueryDefinition");
  }

  private static Set<String> unknown(String template, String id, Map<?, ?> query) {
    String text = String.valueOf(query.get("QueryString"));
    return unknown(text, id.equals(ACCESS) ? accessFields(template) : ourFields());
  }

  /// The fields that a query names and that no line of ours has, as the functions log them.
  static Set<String> unknownOfOurs(String text) {
    return unknown(text, ourFields());
  }

  private static Set<String> unknown(String text, Set<String> known) {
    Set<String> names = matches(NAME, text);
    names.removeAll(WORDS);
    names.removeAll(matches(ALIAS, text));
    names.removeAll(known);
    return names;
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> ourFields() {
    return Stream.of(
            OF_FAILURES.stream(),
            OF_REQUESTS.stream(),
            Stream.of("tenant"),
            Arrays.stream(Counter.values()).map(Counter::wireName),
            Arrays.stream(Stage.values()).map(stage -> stage.wireName() + "Ms"),
            List.of(Metric.FUNCTION, Metric.TIER, Metric.VERSION).stream(),
            Arrays.stream(Metric.values()).map(Metric::wireName))
        .flatMap(names -> names)
        .collect(Collectors.toSet());
  }

  private static Set<String> accessFields(String template) {
    Map<?, ?> stage =
        Watching.map(new Watching(template).ofType("AWS::ApiGatewayV2::Stage").get("ApiStage"));
    String format = String.valueOf(Watching.map(stage.get("AccessLogSettings")).get("Format"));
    return matches(Pattern.compile("(?<=\")\\w+(?=\":)"), format);
  }
}

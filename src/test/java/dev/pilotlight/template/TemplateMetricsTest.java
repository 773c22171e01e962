package dev.pilotlight.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.template.Watching.Named;
import dev.pilotlight.template.Watching.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Alarms and dashboard watch metrics that exist; each rule refuses a template that breaks it.
final class TemplateMetricsTest {
  private static final Map<String, Source> FUNCTIONS =
      Map.of("${ApiFunction}", Source.API, "${BatchFunction}", Source.BATCH);
  private static final Set<String> TIERS = Set.of("memory", "redis", "dynamodb", "run", "none");

  /// AWS's own, as namespace, name, dimensions.
  static final Set<String> AWS =
      Set.of(
          "AWS/Lambda AsyncEventAge [FunctionName]",
          "AWS/Lambda AsyncEventsDropped [FunctionName]",
          "AWS/Lambda Errors [FunctionName]",
          "AWS/Lambda Errors [FunctionName, Resource, ExecutedVersion]",
          "AWS/Lambda DestinationDeliveryFailures [FunctionName]",
          "AWS/Lambda Invocations [FunctionName]",
          "AWS/Lambda Throttles [FunctionName]",
          "AWS/Lambda ProvisionedConcurrencyUtilization [FunctionName, Resource]",
          "AWS/Lambda ProvisionedConcurrencySpilloverInvocations [FunctionName, Resource]",
          "AWS/ApiGateway 5xx [ApiId]",
          "AWS/ApiGateway Count [ApiId]",
          "AWS/DynamoDB ReadThrottleEvents [TableName]",
          "AWS/DynamoDB WriteThrottleEvents [TableName]",
          "AWS/Events FailedInvocations [RuleName]",
          "AWS/SQS ApproximateAgeOfOldestMessage [QueueName]",
          "AWS/SQS ApproximateNumberOfMessagesVisible [QueueName]",
          "AWS/States ExecutionsFailed [StateMachineArn]");

  /// Not on the dashboard, of which only 50 metrics are free. The log's line of a request has the
  /// times.
  private static final Set<String> NOT_SHOWN =
      Set.of(
          "API DecodeTime",
          "API EncodeTime",
          "API NotCached",
          "BATCH InitTime",
          "BATCH ColdStarts");

  private static String template = "";

  @BeforeAll
  static void readTheTemplate() throws IOException {
    template = Files.readString(Path.of("template.yaml"));
  }

  @Test
  void everyMetricIsOneThatIsWritten() {
    assertThat(new Watching(template).metrics()).hasSizeGreaterThan(50);
    assertThat(unknown(template)).isEmpty();
  }

  @Test
  void aMetricThatNobodyWritesIsFound() {
    assertThat(unknown(changed("MetricName: ServerErrors", "MetricName: ServerError")))
        .anyMatch(named -> named.where().equals("ApiErrors"))
        .anyMatch(named -> named.where().equals("ApiErrorsBand"));
    assertThat(unknown(changed("\"StoreTime\"", "\"StoringTime\""))).hasSize(1);
    assertThat(
            unknown(
                changed(
                    "\"Lines\", \"FunctionName\", \"${BatchFunction}\"",
                    "\"Lines\", \"FunctionName\", \"${ApiFunction}\"")))
        .hasSize(1);
    assertThat(unknown(changed("\"Items\", \"FunctionName\"", "\"Items\", \"Function\"")))
        .isNotEmpty();
    assertThat(unknown(changed("\"Tier\", \"redis\"", "\"Tier\", \"valkey\""))).hasSize(1);
    assertThat(unknown(changed("MetricName: Throttles", "MetricName: Throttled")))
        .anyMatch(named -> named.where().equals("ApiThrottles"))
        .anyMatch(named -> named.where().equals("GatewayErrors"));
  }

  @Test
  void everyMetricThatIsWrittenIsOnTheDashboardExceptMinorOnes() {
    assertThat(notShown(template)).isEmpty();
    assertThat(notShown(changed("\"LineErrors\"", "\"Lines\"")))
        .containsExactly("BATCH LineErrors");
  }

  @Test
  void theDashboardIsJsonAndItsWidgetsDoNotOverlap() {
    assertThat(dashboardComplaints(template)).isEmpty();
    assertThat(dashboardComplaints(changed("{\"widgets\": [", "{\"widgets\": [,")))
        .contains("not JSON");
    assertThat(dashboardComplaints(changed("\"x\": 8, \"y\": 15,", "\"x\": 7, \"y\": 15,")))
        .hasSize(2);
    assertThat(dashboardComplaints(changed("\"x\": 16, \"y\": 15,", "\"x\": 17, \"y\": 15,")))
        .hasSize(2);
  }

  @Test
  void bandsAreThreeSigmaWideAndOfTheMetricThatTheyJudge() {
    assertThat(bandComplaints(template)).isEmpty();
    assertThat(bandComplaints(changed("BAND(m, 3)", "BAND(m, 2)"))).hasSize(7);
    assertThat(bandComplaints(changed("\n      Stat: p99\n", "\n      Stat: p90\n"))).hasSize(1);
  }

  private static String changed(String from, String to) {
    assertThat(template).contains(from);
    return template.replace(from, to);
  }

  private static List<Named> unknown(String text) {
    return new Watching(text).metrics().stream().filter(named -> !isKnown(named)).toList();
  }

  private static boolean isKnown(Named named) {
    List<String> dimensions = List.copyOf(named.dimensions().keySet());
    if (!named.namespace().equals(Metric.NAMESPACE)) {
      return AWS.contains(named.namespace() + " " + named.name() + " " + dimensions);
    }
    Source source = FUNCTIONS.get(named.dimensions().getOrDefault(Metric.FUNCTION, ""));
    String tier = named.dimensions().get(Metric.TIER);
    return source != null
        && (tier == null || TIERS.contains(tier))
        && Arrays.stream(Metric.values())
            .anyMatch(
                metric ->
                    metric.wireName().equals(named.name())
                        && metric.dimensions(source).contains(dimensions));
  }

  private static List<String> notShown(String text) {
    List<Named> shown = new Watching(text).shown();
    List<String> missing = new ArrayList<>();
    FUNCTIONS.forEach(
        (function, source) ->
            Arrays.stream(Metric.values())
                .filter(metric -> !metric.dimensions(source).isEmpty())
                .filter(
                    metric ->
                        shown.stream()
                            .noneMatch(
                                named ->
                                    named.name().equals(metric.wireName())
                                        && named.dimensions().containsValue(function)))
                .map(metric -> source + " " + metric.wireName())
                .filter(name -> !NOT_SHOWN.contains(name))
                .forEach(missing::add));
    return missing;
  }

  private static List<String> dashboardComplaints(String text) {
    Watching watching = new Watching(text);
    List<String> complaints = new ArrayList<>();
    for (boolean holds : new boolean[] {true, false}) {
      if (!Watching.isJson(watching.dashboard(holds))) {
        return List.of("not JSON");
      }
      List<Place> places = watching.widgets(holds).stream().map(Watching::place).toList();
      for (int i = 0; i < places.size(); i++) {
        Place place = places.get(i);
        if (place.x() < 0 || place.x() + place.width() > 24) {
          complaints.add(place + " is off the grid");
        }
        places.subList(0, i).stream()
            .filter(place::overlaps)
            .forEach(other -> complaints.add(place + " overlaps " + other));
      }
    }
    return complaints;
  }

  private static List<String> bandComplaints(String text) {
    Watching watching = new Watching(text);
    List<String> complaints = new ArrayList<>();
    Map<String, Map<?, ?>> alarms = watching.ofType("AWS::CloudWatch::Alarm");
    watching
        .ofType("AWS::CloudWatch::AnomalyDetector")
        .forEach(
            (id, band) -> {
              Map<?, ?> alarm = Watching.map(alarms.get(id.replaceFirst("Band$", "")));
              List<?> metrics = Watching.list(alarm.get("Metrics"));
              Map<?, ?> judged = Watching.map(Watching.map(metrics.getFirst()).get("MetricStat"));
              Map<?, ?> metric = Watching.map(judged.get("Metric"));
              boolean same =
                  Objects.equals(metric.get("MetricName"), band.get("MetricName"))
                      && Objects.equals(metric.get("Dimensions"), band.get("Dimensions"))
                      && Objects.equals(judged.get("Stat"), band.get("Stat"));
              boolean wide =
                  metrics
                      .getLast()
                      .equals(Map.of("Id", "band", "Expression", "ANOMALY_DETECTION_BAND(m, 3)"));
              if (!same || !wide) {
                complaints.add(id);
              }
            });
    return complaints;
  }
}

package dev.pilotlight.cli.preflight;

import dev.pilotlight.cli.aws.Asked;
import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.aws.Rows;
import dev.pilotlight.cli.aws.Urls;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.format.LoadFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The quotas and settings of an account in one region, as AWS answers.
///
/// @param lambda Lambda's limits
/// @param memoryMb the largest function's memory that is known to be allowed
/// @param zones ids of the region's zones that are available, in order of their names
/// @param costMonitor whether there is a cost-anomaly monitor for all services
/// @param budgets whether budgets may be read
public record Account(
    Asked<LambdaLimits> lambda,
    Asked<Memory> memoryMb,
    Asked<List<String>> zones,
    Asked<Boolean> costMonitor,
    Asked<Boolean> budgets) {
  private static final String GLOBAL = "us-east-1";
  private static final int PAGES_MAX = 40;
  private static final Pattern ACCOUNT = Pattern.compile("<Account>(\\d{12})</Account>");
  private static final Pattern ZONE =
      Pattern.compile(
          "<item>(?:(?!</item>).)*?<zoneName>([^<]+)</zoneName>(?:(?!</item>).)*?"
              + "<zoneId>([^<]+)</zoneId>",
          Pattern.DOTALL);

  /// Lambda's limits in the region.
  ///
  /// @param concurrent environments of all functions together
  /// @param unreserved of these, not reserved by functions
  /// @param codeBytes of all packages of all versions
  /// @param codeUsed of these, used now
  /// @param unpackedBytes of one package
  public record LambdaLimits(
      long concurrent, long unreserved, long codeBytes, long codeUsed, long unpackedBytes) {}

  /// The limit of a function's memory, as far as it is known.
  ///
  /// @param quotaMb the quota, if Service Quotas lists it
  /// @param largestMb the memory of the region's largest function, 0 without one
  public record Memory(Optional<Long> quotaMb, long largestMb) {}

  /// Asks AWS.
  ///
  /// @param region absent if none is set; then only the questions without a region are asked
  public static Account ask(AwsCalls aws, Optional<String> region) {
    return new Account(
        in(region, here -> limits(aws, here)),
        in(region, here -> memory(aws, here)),
        in(region, here -> zones(aws, here)),
        in(Optional.of(GLOBAL), _ -> costMonitor(aws)),
        in(Optional.of(GLOBAL), _ -> budgets(aws)));
  }

  private static <T> Asked<T> in(Optional<String> region, Function<String, Asked<T>> question) {
    if (region.isEmpty()) {
      return new Asked.Unknown<>("no region: set AWS_REGION, or --region");
    }
    try {
      return question.apply(region.get());
    } catch (LoadFailure e) {
      // an answer of another form than AWS documents
      return new Asked.Unknown<>(e.reason());
    }
  }

  private static Asked<LambdaLimits> limits(AwsCalls aws, String region) {
    return aws.askJson(AwsCalls.Call.get("lambda", region, "/2016-08-19/account-settings/"))
        .map(
            json -> {
              JsonFile limit = json.nested("AccountLimit");
              return new LambdaLimits(
                  number(limit, "ConcurrentExecutions"),
                  number(limit, "UnreservedConcurrentExecutions"),
                  number(limit, "TotalCodeSize"),
                  number(json.nested("AccountUsage"), "TotalCodeSize"),
                  number(limit, "CodeSizeUnzipped"));
            });
  }

  private static Asked<Memory> memory(AwsCalls aws, String region) {
    Asked<Optional<Long>> quota = memoryQuota(aws, region);
    Asked<Long> largest = largestFunction(aws, region);
    return switch (largest) {
      case Asked.Known<Long>(Long mb) ->
          new Asked.Known<>(
              new Memory(
                  quota instanceof Asked.Known<Optional<Long>>(Optional<Long> found)
                      ? found
                      : Optional.empty(),
                  mb));
      case Asked.Unknown<Long>(String reason) ->
          quota instanceof Asked.Known<Optional<Long>>(Optional<Long> found) && found.isPresent()
              ? new Asked.Known<>(new Memory(found, 0))
              : new Asked.Unknown<>(reason);
    };
  }

  /// Lambda's call for limits does not have it; Service Quotas may.
  private static Asked<Optional<Long>> memoryQuota(AwsCalls aws, String region) {
    return aws.askJson(
            AwsCalls.Call.json(
                "servicequotas",
                region,
                "servicequotas." + region,
                "ServiceQuotasV20190624.ListServiceQuotas",
                "{\"ServiceCode\":\"lambda\",\"MaxResults\":100}"))
        .map(
            json ->
                Rows.of(json, "Quotas").stream()
                    .filter(quota -> text(quota, "QuotaName").contains("memory"))
                    .map(quota -> quota.get("Value"))
                    .filter(Number.class::isInstance)
                    .map(value -> ((Number) value).longValue())
                    .findFirst());
  }

  private static Asked<Long> largestFunction(AwsCalls aws, String region) {
    long largest = 0;
    String marker = "";
    for (int page = 0; page < PAGES_MAX; page++) {
      String from = marker.isEmpty() ? "" : "&Marker=" + marker;
      String path = "/2015-03-31/functions/?MaxItems=50" + from;
      Asked<JsonFile> answer = aws.askJson(AwsCalls.Call.get("lambda", region, path));
      if (!(answer instanceof Asked.Known<JsonFile>(JsonFile json))) {
        return answer.map(_ -> 0L);
      }
      for (Map<String, @Nullable Object> function : Rows.of(json, "Functions")) {
        largest = function.get("MemorySize") instanceof Long mb ? Math.max(largest, mb) : largest;
      }
      marker = json.text("NextMarker").map(Urls::encode).orElse("");
      if (marker.isEmpty()) {
        break;
      }
    }
    return new Asked.Known<>(largest);
  }

  private static Asked<List<String>> zones(AwsCalls aws, String region) {
    String body =
        "Action=DescribeAvailabilityZones&Version=2016-11-15"
            + "&Filter.1.Name=state&Filter.1.Value.1=available"
            + "&Filter.2.Name=zone-type&Filter.2.Value.1=availability-zone";
    return aws.ask(AwsCalls.Call.query("ec2", region, body))
        .map(
            xml -> {
              TreeSet<String> names = new TreeSet<>();
              Matcher zone = ZONE.matcher(xml);
              while (zone.find()) {
                names.add(zone.group(1) + " " + zone.group(2));
              }
              return names.stream().map(name -> name.substring(name.indexOf(' ') + 1)).toList();
            });
  }

  private static Asked<Boolean> costMonitor(AwsCalls aws) {
    String token = "";
    for (int page = 0; page < PAGES_MAX; page++) {
      String body = token.isEmpty() ? "{}" : "{\"NextPageToken\":\"" + token + "\"}";
      String target = "AWSInsightsIndexService.GetAnomalyMonitors";
      Asked<JsonFile> answer =
          aws.askJson(AwsCalls.Call.json("ce", GLOBAL, "ce." + GLOBAL, target, body));
      if (!(answer instanceof Asked.Known<JsonFile>(JsonFile json))) {
        return answer.map(_ -> false);
      }
      for (Map<String, @Nullable Object> monitor : Rows.of(json, "AnomalyMonitors")) {
        if (text(monitor, "MonitorDimension").equals("SERVICE")) {
          return new Asked.Known<>(true);
        }
      }
      token = json.text("NextPageToken").orElse("");
      if (token.isEmpty()) {
        break;
      }
    }
    return new Asked.Known<>(false);
  }

  private static Asked<Boolean> budgets(AwsCalls aws) {
    Asked<String> identity =
        aws.ask(AwsCalls.Call.query("sts", GLOBAL, "Action=GetCallerIdentity&Version=2011-06-15"));
    if (!(identity instanceof Asked.Known<String>(String xml))) {
      return identity.map(_ -> false);
    }
    Matcher account = ACCOUNT.matcher(xml);
    if (!account.find()) {
      return new Asked.Unknown<>("STS did not answer with an account");
    }
    String body = "{\"AccountId\":\"" + account.group(1) + "\",\"MaxResults\":1}";
    return aws.askJson(
            AwsCalls.Call.json(
                "budgets", GLOBAL, "budgets", "AWSBudgetServiceGateway.DescribeBudgets", body))
        .map(_ -> true);
  }

  private static String text(Map<String, @Nullable Object> row, String key) {
    return row.get(key) instanceof String text ? text : "";
  }

  private static long number(JsonFile json, String key) {
    return json.number(key).map(Double::longValue).orElseThrow(() -> json.wrong(key, "a number"));
  }
}

package dev.pilotlight.template;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.support.Metric;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The variables of the dashboard for Grafana: each stands for a resource of the template, whose
/// name has the stack's name in it.
final class GrafanaVariables {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");
  private static final int ON_TIME_RANGE = 2;

  /// A variable whose values are those of a dimension.
  ///
  /// @param resource as the template refers to it
  /// @param regex that a value matches
  private record Resource(
      String resource, String name, String namespace, String metric, String key, String regex) {}

  private static final List<Resource> RESOURCES =
      List.of(
          function("ApiFunction", "api"),
          function("BatchFunction", "batch"),
          new Resource("Api", "api_id", "AWS/ApiGateway", "Count", "ApiId", ""),
          new Resource(
              "Results",
              "table",
              "AWS/DynamoDB",
              "ConsumedReadCapacityUnits",
              "TableName",
              "/^$stack-Results-/"),
          queue("ApiFailures", "api_failures"),
          queue("BatchFailures", "batch_failures"),
          queue("BatchDead", "batch_dead"));

  private static final Map<String, String> OTHERS = Map.of("Valkey", "cache");

  private GrafanaVariables() {}

  private static Resource function(String id, String name) {
    return new Resource(
        id,
        name,
        Metric.NAMESPACE,
        Metric.REQUESTS.wireName(),
        Metric.FUNCTION,
        "/^$stack-" + id + "-/");
  }

  private static Resource queue(String id, String name) {
    return new Resource(
        id + ".QueueName",
        name,
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "QueueName",
        "/^$stack-" + id + "-/");
  }

  /// The text with a variable for each reference.
  ///
  /// @throws IllegalArgumentException if no variable stands for one
  static String replaced(String text) {
    return REFERENCE.matcher(text).replaceAll(found -> "\\${" + name(found.group(1)) + "}");
  }

  private static String name(String reference) {
    if (reference.equals("AWS::Region")) {
      return "region";
    }
    String other = OTHERS.get(reference);
    return other != null
        ? other
        : RESOURCES.stream()
            .filter(it -> it.resource().equals(reference))
            .map(Resource::name)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no variable for " + reference));
  }

  /// The dashboard's list.
  static ArrayNode list() {
    ArrayNode list = JSON.arrayNode();
    ObjectNode source = variable(list, "datasource", "Data source", "datasource");
    source.put("query", "cloudwatch");
    query(list, "region", "Region", JSON.objectNode().put("queryType", "regions"), null);
    Resource api = RESOURCES.getFirst();
    query(list, "stack", "Stack", values(api), "/^(.+)-ApiFunction-[^-]+$/");
    for (Resource resource : RESOURCES) {
      String regex = resource.regex().isEmpty() ? null : resource.regex();
      query(list, resource.name(), resource.resource(), values(resource), regex);
    }
    ObjectNode cache = variable(list, "cache", "Name of the cache", "textbox");
    cache.put("query", "");
    return list;
  }

  private static ObjectNode values(Resource resource) {
    ObjectNode query = JSON.objectNode();
    query.put("queryType", "dimensionValues");
    query.put("region", "$region");
    query.put("namespace", resource.namespace());
    query.put("metricName", resource.metric());
    query.put("dimensionKey", resource.key());
    query.putObject("dimensionFilters");
    return query;
  }

  private static void query(
      ArrayNode list, String name, String label, ObjectNode query, @Nullable String regex) {
    ObjectNode variable = variable(list, name, label, "query");
    variable.set("datasource", GrafanaDashboard.source());
    variable.set("query", query.put("refId", name));
    variable.put("refresh", ON_TIME_RANGE);
    if (regex != null) {
      variable.put("regex", regex);
    }
  }

  private static ObjectNode variable(ArrayNode list, String name, String label, String type) {
    return list.addObject().put("name", name).put("label", label).put("type", type);
  }
}

package dev.pilotlight.batch.claim;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// An update expression that sets attributes: `SET #a = :a, #b = :b`.
///
/// @param names of the attributes, by their places in the expression
/// @param values by their places
record SetExpression(
    String expression, Map<String, String> names, Map<String, AttributeValue> values) {

  SetExpression {
    names = Map.copyOf(names);
    values = Map.copyOf(values);
  }

  /// @param attributes to set, with their values
  static SetExpression of(Map<String, AttributeValue> attributes) {
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    attributes.forEach(
        (name, value) -> {
          names.put("#" + name, name);
          values.put(":" + name, value);
        });
    String expression =
        new TreeSet<>(attributes.keySet())
            .stream()
                .map(name -> "#%s = :%s".formatted(name, name))
                .collect(Collectors.joining(", ", "SET ", ""));
    return new SetExpression(expression, names, values);
  }
}

package dev.pilotlight.local.template;

import dev.pilotlight.local.support.Cidr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Evaluates CloudFormation's functions as a deployed stack would. A parameter that is not given
/// has its default.
///
/// A reference to a resource gives its local name: see [#localName(String)]. Attributes exist only
/// in AWS; they give `<local name>.<attribute>`.
public final class Intrinsics {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");
  private static final List<String> ZONES =
      List.of(LocalAccount.REGION + "a", LocalAccount.REGION + "b");
  private static final String ALIAS = ".Alias";
  private static final Object NO_VALUE = new Object();
  private static final String STACK_ID =
      "arn:aws:cloudformation:%s:%s:stack/pilotlight/00000000-0000-0000-0000-000000000000"
          .formatted(LocalAccount.REGION, LocalAccount.ID);
  private static final Map<String, String> PSEUDO =
      Map.of(
          "AWS::Region",
          LocalAccount.REGION,
          "AWS::AccountId",
          LocalAccount.ID,
          "AWS::StackId",
          STACK_ID,
          "AWS::StackName",
          "pilotlight",
          "AWS::Partition",
          "aws",
          "AWS::URLSuffix",
          "amazonaws.com");

  private final Map<?, ?> parameters;
  private final Map<?, ?> conditions;
  private final Map<String, String> given;

  /// @param given values of parameters, by name
  Intrinsics(Map<?, ?> parameters, Map<?, ?> conditions, Map<String, String> given) {
    this.parameters = parameters;
    this.conditions = conditions;
    this.given = given;
    given.forEach(this::requireAccepted);
  }

  private void requireAccepted(String name, String value) {
    if (!(parameters.get(name) instanceof Map<?, ?> parameter)) {
      throw new IllegalArgumentException("it has no parameter " + name);
    }
    if (parameter.get("AllowedValues") instanceof List<?> accepted && !accepted.contains(value)) {
      throw new IllegalArgumentException(
          "its parameter %s is '%s'; accepted: %s"
              .formatted(
                  name,
                  value,
                  accepted.stream().map(String::valueOf).collect(Collectors.joining(", "))));
    }
    if ("String".equals(parameter.get("Type"))
        && parameter.get("AllowedPattern") instanceof String pattern
        && !value.matches(pattern)) {
      throw new IllegalArgumentException(
          "its parameter %s is '%s'; it must match %s".formatted(name, value, pattern));
    }
  }

  /// The name that a resource has on this machine: `ResultsTable` is `pilotlight-results-table`.
  public static String localName(String logicalId) {
    return "pilotlight" + logicalId.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
  }

  /// The value with all functions evaluated: maps, lists and strings; empty for `AWS::NoValue`.
  Optional<Object> resolve(Object value) {
    Object resolved = evaluate(value);
    return resolved == NO_VALUE ? Optional.empty() : Optional.of(resolved);
  }

  private Object evaluate(Object value) {
    return switch (value) {
      case Map<?, ?> map when map.size() == 1 -> function(map);
      case Map<?, ?> map -> all(map);
      case List<?> list ->
          list.stream().map(this::evaluate).filter(item -> item != NO_VALUE).toList();
      default -> value;
    };
  }

  private Map<String, Object> all(Map<?, ?> map) {
    Map<String, Object> resolved = new LinkedHashMap<>();
    map.forEach(
        (name, item) -> resolve(item).ifPresent(found -> resolved.put((String) name, found)));
    return resolved;
  }

  private Object function(Map<?, ?> map) {
    var entry = map.entrySet().iterator().next();
    Object argument = Objects.requireNonNull(entry.getValue());
    return switch ((String) entry.getKey()) {
      case "Ref" -> reference((String) argument);
      case "Fn::Sub" -> substitute(argument);
      case "Fn::GetAtt" -> attribute(argument);
      case "Fn::If" -> choose((List<?>) argument);
      case "Fn::Join" -> join((List<?>) argument);
      case "Fn::Select" -> select((List<?>) argument);
      case "Fn::Split" -> split((List<?>) argument);
      case "Fn::GetAZs" -> ZONES;
      case "Fn::Cidr" -> Cidr.blocks((List<?>) evaluate(argument));
      case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition" -> holds(map);
      default -> all(map);
    };
  }

  private Object reference(String name) {
    if (name.equals("AWS::NoValue")) {
      return NO_VALUE;
    }
    String pseudo = PSEUDO.get(name);
    if (pseudo != null) {
      return pseudo;
    }
    if (!parameters.containsKey(name)) {
      // SAM's `Function.Alias` is the function itself here
      return localName(name.endsWith(ALIAS) ? name.substring(0, name.indexOf('.')) : name);
    }
    return value(name, (Map<?, ?>) Objects.requireNonNull(parameters.get(name)));
  }

  private Object value(String name, Map<?, ?> parameter) {
    String standard = parameter.get("Default") instanceof String text ? text : "";
    String value = given.getOrDefault(name, standard);
    boolean list = "CommaDelimitedList".equals(parameter.get("Type"));
    return list ? List.of(value.split(",", -1)) : value;
  }

  private String substitute(Object argument) {
    String text = argument instanceof List<?> list ? (String) list.getFirst() : (String) argument;
    Map<?, ?> own = argument instanceof List<?> list ? (Map<?, ?>) list.getLast() : Map.of();
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(variable(found.group(1), found, own)));
  }

  private String variable(String literal, java.util.regex.MatchResult found, Map<?, ?> own) {
    String name = found.group(2);
    if (!literal.isEmpty()) {
      return "${" + name + "}";
    }
    Object given = own.get(name);
    if (given != null) {
      return String.valueOf(evaluate(given));
    }
    boolean attribute = name.contains(".");
    return String.valueOf(attribute ? attribute((Object) name) : reference(name));
  }

  private static String attribute(Object argument) {
    String path =
        argument instanceof List<?> list
            ? list.stream().map(String::valueOf).collect(Collectors.joining("."))
            : (String) argument;
    int dot = path.indexOf('.');
    return localName(path.substring(0, dot)) + path.substring(dot);
  }

  private Object choose(List<?> argument) {
    boolean yes = holds(Map.of("Condition", Objects.requireNonNull(argument.get(0))));
    return evaluate(Objects.requireNonNull(argument.get(yes ? 1 : 2)));
  }

  private String join(List<?> argument) {
    return ((List<?>) evaluate(Objects.requireNonNull(argument.get(1))))
        .stream().map(String::valueOf).collect(Collectors.joining((String) argument.get(0)));
  }

  private Object select(List<?> argument) {
    int index = Integer.parseInt(String.valueOf(evaluate(argument.get(0))));
    List<?> from = (List<?>) evaluate(argument.get(1));
    if (index < 0 || index >= from.size()) {
      throw new IllegalArgumentException("it selects item %d of %s".formatted(index, from));
    }
    return from.get(index);
  }

  private List<String> split(List<?> argument) {
    String separator = Pattern.quote((String) argument.get(0));
    return List.of(String.valueOf(evaluate(argument.get(1))).split(separator, -1));
  }

  /// @param condition such as `{Fn::Equals: [a, b]}`
  boolean holds(Map<?, ?> condition) {
    var entry = condition.entrySet().iterator().next();
    Object argument = Objects.requireNonNull(entry.getValue());
    return switch ((String) entry.getKey()) {
      case "Condition" -> {
        Object named = conditions.get(argument);
        if (!(named instanceof Map<?, ?> found)) {
          throw new IllegalArgumentException("it has no condition " + argument);
        }
        yield holds(found);
      }
      case "Fn::Equals" -> {
        List<?> both = (List<?>) evaluate(argument);
        yield Objects.equals(both.get(0), both.get(1));
      }
      case "Fn::Not" -> !holds((Map<?, ?>) Objects.requireNonNull(((List<?>) argument).get(0)));
      case "Fn::And" -> ((List<?>) argument).stream().allMatch(part -> holds((Map<?, ?>) part));
      case "Fn::Or" -> ((List<?>) argument).stream().anyMatch(part -> holds((Map<?, ?>) part));
      default -> throw new IllegalArgumentException("it has an unknown condition " + condition);
    };
  }
}

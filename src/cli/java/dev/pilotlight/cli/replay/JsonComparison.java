package dev.pilotlight.cli.replay;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compares two JSON documents by [AnswerRules], up to the first difference.
final class JsonComparison {
  /// Shorter rows may be logits, whose direction is not enough.
  static final int VECTOR_MIN = 64;

  private static final Set<String> EMBEDDINGS = Set.of("embedding", "embeddings");
  private static final Set<String> SCORES = Set.of("score", "relevance_score");
  private static final List<String> NAMES = List.of("label", "index");
  private static final int EXCERPT_CODE_POINTS = 40;
  private static final String EQUAL = "";

  private final AnswerRules rules;
  private double lowestCosine = Double.NaN;

  JsonComparison(AnswerRules rules) {
    this.rules = rules;
  }

  /// NaN if no vectors were compared.
  double lowestCosine() {
    return lowestCosine;
  }

  /// The first difference with its place; empty if there is none.
  String compare(Object first, Object second) {
    return value("", "", first, second);
  }

  /// @param place such as `data[0].embedding`
  /// @param key of the nearest field
  private String value(String place, String key, Object first, Object second) {
    float[] vector = Vectors.embedding(EMBEDDINGS.contains(key), first);
    float[] other = Vectors.embedding(EMBEDDINGS.contains(key), second);
    if (vector != null && other != null) {
      return vectors(place, vector, other);
    }
    if (first instanceof Map<?, ?> fields && second instanceof Map<?, ?> others) {
      return objects(place, fields, others);
    }
    if (first instanceof List<?> list && second instanceof List<?> others) {
      return lists(place, key, list, others);
    }
    if (first instanceof Number number && second instanceof Number otherNumber) {
      return near(number, otherNumber) ? EQUAL : differ(place, first, second);
    }
    return first.equals(second) ? EQUAL : differ(place, first, second);
  }

  private String objects(String place, Map<?, ?> first, Map<?, ?> second) {
    Set<String> names = new TreeSet<>();
    first.keySet().forEach(name -> names.add((String) name));
    second.keySet().forEach(name -> names.add((String) name));
    if (place.isEmpty()) {
      names.removeAll(rules.ignored());
    }
    for (String name : names) {
      String within = place.isEmpty() ? name : place + "." + name;
      Object value = first.get(name);
      Object other = second.get(name);
      if (value == null || other == null) {
        return within + (value == null ? ": only the second has it" : ": only the first has it");
      }
      String difference =
          name.equals("data") && Vectors.width(first) >= VECTOR_MIN
              ? rows(within, Vectors.width(first), value, other)
              : value(within, name, value, other);
      if (!difference.isEmpty()) {
        return difference;
      }
    }
    return EQUAL;
  }

  /// A tensor's data: each row is a vector.
  private String rows(String place, int width, Object first, Object second) {
    float[] data = Vectors.numbers(first);
    float[] other = Vectors.numbers(second);
    boolean vectors = Vectors.fractional(first) || Vectors.fractional(second);
    if (!vectors
        || data == null
        || other == null
        || data.length != other.length
        || data.length % width > 0) {
      return value(place, "data", first, second);
    }
    for (int from = 0; from < data.length; from += width) {
      String difference =
          row(
              place + "[" + from / width + "]",
              Arrays.copyOfRange(data, from, from + width),
              Arrays.copyOfRange(other, from, from + width));
      if (!difference.isEmpty()) {
        return difference;
      }
    }
    return EQUAL;
  }

  private String lists(String place, String key, List<?> first, List<?> second) {
    if (first.size() != second.size()) {
      return "%s: %d and %d elements".formatted(named(place), first.size(), second.size());
    }
    for (String name : NAMES) {
      Map<Object, Object> byName = byName(name, first);
      Map<Object, Object> others = byName(name, second);
      if (byName != null && others != null && byName.keySet().equals(others.keySet())) {
        return named(place, name, byName, others);
      }
    }
    for (int i = 0; i < first.size(); i++) {
      String within = place + "[" + i + "]";
      float[] vector = Vectors.row(first.get(i));
      float[] other = Vectors.row(second.get(i));
      boolean vectors = Vectors.fractional(first.get(i)) || Vectors.fractional(second.get(i));
      String difference =
          vectors && vector != null && other != null
              ? row(within, vector, other)
              : value(within, key, first.get(i), second.get(i));
      if (!difference.isEmpty()) {
        return difference;
      }
    }
    return EQUAL;
  }

  private String named(
      String place, String name, Map<Object, Object> first, Map<Object, Object> second) {
    for (Map.Entry<Object, Object> entry : first.entrySet()) {
      Object other = second.get(entry.getKey());
      if (other != null) {
        String within = "%s[%s=%s]".formatted(place, name, excerpt(entry.getKey()));
        String difference = value(within, "", entry.getValue(), other);
        if (!difference.isEmpty()) {
          return difference;
        }
      }
    }
    return EQUAL;
  }

  /// The elements by a field; null unless all are objects with a score and their own name.
  private static @Nullable Map<Object, Object> byName(String name, List<?> elements) {
    Map<Object, Object> byName = new HashMap<>();
    for (Object element : elements) {
      if (!(element instanceof Map<?, ?> fields)
          || SCORES.stream().noneMatch(fields::containsKey)
          || fields.get(name) == null
          || byName.put(fields.get(name), element) != null) {
        return null;
      }
    }
    return byName.isEmpty() ? null : byName;
  }

  /// Vectors that may be logits.
  private String row(String place, float[] first, float[] second) {
    String difference = vectors(place, first, second);
    return difference.isEmpty() && !Vectors.sameGreatest(first, second, rules.tolerance())
        ? named(place) + ": the greatest number is at another place"
        : difference;
  }

  private String vectors(String place, float[] first, float[] second) {
    if (first.length != second.length) {
      return "%s: %d and %d numbers".formatted(named(place), first.length, second.length);
    }
    double cosine = Vectors.cosine(first, second);
    if (Double.isNaN(lowestCosine) || cosine < lowestCosine) {
      lowestCosine = cosine;
    }
    return cosine >= rules.minCosine() ? EQUAL : "%s: cosine %.6f".formatted(named(place), cosine);
  }

  private boolean near(Number first, Number second) {
    if (first instanceof BigInteger && second instanceof BigInteger) {
      return first.equals(second);
    }
    double a = first.doubleValue();
    double b = second.doubleValue();
    return Math.abs(a - b) <= rules.tolerance() * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
  }

  private static String differ(String place, Object first, Object second) {
    return "%s: %s and %s".formatted(named(place), excerpt(first), excerpt(second));
  }

  private static String named(String place) {
    return place.isEmpty() ? "the document" : place;
  }

  private static String excerpt(Object value) {
    if (value instanceof Map || value instanceof List) {
      return value instanceof Map ? "an object" : "an array";
    }
    String text = value.toString();
    String cut =
        text.codePointCount(0, text.length()) > EXCERPT_CODE_POINTS
            ? text.substring(0, text.offsetByCodePoints(0, EXCERPT_CODE_POINTS)) + "…"
            : text;
    return value instanceof String ? '"' + cut + '"' : cut;
  }
}

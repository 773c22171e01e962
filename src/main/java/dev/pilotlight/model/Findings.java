package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Collects the resolved properties of a model while it loads. Not thread-safe.
final class Findings {
  private final List<Fact> facts = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final TreeMap<String, String> plan = new TreeMap<>();

  /// Records a property that can change an answer.
  void decide(String name, Object value, String source) {
    show(name, value, source);
    plan(name, value);
  }

  /// Records a property that cannot change an answer, or that follows from others.
  void show(String name, Object value, String source) {
    facts.add(new Fact(name, String.valueOf(value), source));
  }

  /// Records a property that can change an answer but is too long to show.
  void plan(String name, Object value) {
    plan.put(name, String.valueOf(value));
  }

  /// @param sentence that names the assumed or ignored property, and how to change it
  void warn(String sentence) {
    warnings.add(sentence);
  }

  List<Fact> facts() {
    return List.copyOf(facts);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /// SHA-256 over every decision by name, hex: it is part of each result's key, and the text would
  /// be hashed again for each item. Each value is preceded by its length, so that no two plans are
  /// equal by accident.
  String plan() {
    StringBuilder text = new StringBuilder();
    plan.forEach(
        (name, value) ->
            text.append(name).append('=').append(value.length()).append(':').append(value));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return Sha256.hex(bytes);
  }
}

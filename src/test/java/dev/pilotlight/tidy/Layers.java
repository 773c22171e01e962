package dev.pilotlight.tidy;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which package may see which: the nouns see nothing, a stage sees the nouns, the pipeline sees
/// the stages, and only the wiring sees everything.
final class Layers {
  private static final Set<String> NOUNS = Set.of("domain", "support");

  /// What a package may import, beside itself. A package that is not here may not exist.
  static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("domain", Set.of()),
          Map.entry("support", Set.of()),
          Map.entry("protocol", NOUNS),
          Map.entry("tenant", NOUNS),
          Map.entry("cache", NOUNS),
          Map.entry("wordpiece", Set.of()),
          Map.entry("model", Set.of("domain", "support", "wordpiece")),
          Map.entry("store", NOUNS),
          Map.entry("pipeline", Set.of("domain", "support", "tenant", "cache", "model", "store")),
          Map.entry("call", Set.of("domain", "support", "protocol", "model")),
          Map.entry(
              "batch",
              Set.of("domain", "support", "protocol", "model", "store", "pipeline", "call")),
          Map.entry(
              "handler",
              Set.of(
                  "domain",
                  "support",
                  "protocol",
                  "tenant",
                  "cache",
                  "model",
                  "store",
                  "pipeline",
                  "call",
                  "batch")));

  private Layers() {}

  /// The dependencies that [#ALLOWED] does not have, each as a readable line.
  static List<String> violations(Collection<Dependency> dependencies) {
    return dependencies.stream()
        .filter(dependency -> !dependency.fromPackage().equals(dependency.toPackage()))
        .filter(dependency -> !isAllowed(dependency))
        .map(Dependency::toString)
        .sorted()
        .toList();
  }

  private static boolean isAllowed(Dependency dependency) {
    return ALLOWED
        .getOrDefault(dependency.fromPackage(), Set.of())
        .contains(dependency.toPackage());
  }

  static Map<String, Set<String>> packageGraph(Collection<Dependency> dependencies) {
    Map<String, Set<String>> graph = new TreeMap<>();
    for (Dependency dependency : dependencies) {
      if (!dependency.fromPackage().equals(dependency.toPackage())) {
        graph
            .computeIfAbsent(dependency.fromPackage(), name -> new TreeSet<>())
            .add(dependency.toPackage());
      }
    }
    return graph;
  }

  /// The nodes from which a path leads back to themselves.
  static Set<String> onCycles(Map<String, Set<String>> graph) {
    Set<String> onCycles = new TreeSet<>();
    for (String start : graph.keySet()) {
      Set<String> seen = new HashSet<>();
      Deque<String> open = new ArrayDeque<>(graph.getOrDefault(start, Set.of()));
      while (!open.isEmpty()) {
        String next = open.pop();
        if (seen.add(next)) {
          open.addAll(graph.getOrDefault(next, Set.of()));
        }
      }
      if (seen.contains(start)) {
        onCycles.add(start);
      }
    }
    return onCycles;
  }
}

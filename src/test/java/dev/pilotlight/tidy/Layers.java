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

  /// The packages that a package may import, besides itself. A package that is not here may not
  /// exist.
  static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("domain", Set.of()),
          Map.entry("support", Set.of()),
          Map.entry("protocol", Set.of("domain", "support", "image")),
          Map.entry("tenant", NOUNS),
          Map.entry("cache", NOUNS),
          Map.entry("runtime", NOUNS),
          Map.entry("wordpiece", Set.of()),
          Map.entry("image", Set.of("domain")),
          Map.entry("model", Set.of("domain", "support", "wordpiece", "image")),
          Map.entry("store", NOUNS),
          Map.entry("files", Set.of("domain", "support", "store")),
          Map.entry("idempotency", Set.of("domain", "support", "protocol", "store")),
          Map.entry("access", Set.of("domain", "support", "protocol", "tenant", "store")),
          Map.entry("limits", Set.of("domain", "support", "cache", "store")),
          Map.entry("pipeline", Set.of("domain", "support", "cache", "limits", "model", "store")),
          Map.entry("call", Set.of("domain", "protocol", "model")),
          Map.entry(
              "batch",
              Set.of(
                  "domain",
                  "support",
                  "protocol",
                  "files",
                  "limits",
                  "model",
                  "store",
                  "pipeline",
                  "call")),
          Map.entry(
              "handler",
              Set.of(
                  "domain",
                  "support",
                  "protocol",
                  "tenant",
                  "access",
                  "cache",
                  "limits",
                  "model",
                  "store",
                  "pipeline",
                  "call",
                  "batch",
                  "files",
                  "idempotency",
                  "runtime")));

  /// The other rooms of its package that a room may import.
  static final Map<String, Set<String>> ROOMS =
      Map.ofEntries(
          Map.entry("protocol.json", Set.of()),
          Map.entry("protocol.http", Set.of("protocol.json")),
          Map.entry("protocol.door", Set.of("protocol.http", "protocol.json")),
          Map.entry("protocol.form", Set.of("protocol.http", "protocol.json")),
          Map.entry("protocol.files", Set.of("protocol.form", "protocol.http", "protocol.json")),
          Map.entry("protocol.image", Set.of("protocol.form", "protocol.http", "protocol.json")),
          Map.entry(
              "protocol.cohere",
              Set.of("protocol.door", "protocol.http", "protocol.image", "protocol.json")),
          Map.entry("protocol.ollama", Set.of("protocol.door", "protocol.http", "protocol.json")),
          Map.entry(
              "protocol.tei.inputs", Set.of("protocol.door", "protocol.http", "protocol.json")),
          Map.entry(
              "protocol.tei.forms",
              Set.of("protocol.door", "protocol.http", "protocol.json", "protocol.tei.inputs")),
          Map.entry(
              "protocol.tei",
              Set.of("protocol.door", "protocol.http", "protocol.json", "protocol.tei.inputs")),
          Map.entry("protocol.rerank", Set.of("protocol.door", "protocol.http", "protocol.json")),
          Map.entry("protocol.kserve", Set.of("protocol.door", "protocol.http", "protocol.json")),
          Map.entry(
              "protocol.huggingface",
              Set.of("protocol.door", "protocol.http", "protocol.image", "protocol.json")),
          Map.entry(
              "protocol.openai",
              Set.of("protocol.door", "protocol.http", "protocol.image", "protocol.json")),
          Map.entry("protocol.usage", Set.of("protocol.http")),
          Map.entry("protocol.openinference.tensors", Set.of("protocol.json")),
          Map.entry(
              "protocol.openinference",
              Set.of(
                  "protocol.door",
                  "protocol.http",
                  "protocol.image",
                  "protocol.json",
                  "protocol.openinference.tensors")),
          Map.entry(
              "protocol.size",
              Set.of("protocol.http", "protocol.openai", "protocol.openinference")),
          Map.entry("support.http", Set.of()),
          Map.entry("support.json", Set.of()),
          Map.entry("support", Set.of("support.json")),
          Map.entry("domain.tensor", Set.of()),
          Map.entry("domain.task", Set.of()),
          Map.entry("domain.text", Set.of("domain")),
          Map.entry("domain.packed", Set.of("domain")),
          Map.entry("domain.limits", Set.of()),
          Map.entry("domain", Set.of("domain.task", "domain.tensor")),
          Map.entry("limits.usage", Set.of()),
          Map.entry("limits", Set.of("limits.usage")),
          Map.entry("handler.limits", Set.of()),
          Map.entry("handler.demand", Set.of()),
          Map.entry("handler.results", Set.of()),
          Map.entry("handler.serve", Set.of()),
          Map.entry(
              "handler",
              Set.of("handler.demand", "handler.limits", "handler.results", "handler.serve")),
          Map.entry("store", Set.of()),
          Map.entry("store.mark", Set.of("store")),
          Map.entry("store.rows", Set.of("store")),
          Map.entry("store.direct", Set.of("store", "store.mark", "store.rows")),
          Map.entry("store.client", Set.of("store", "store.direct", "store.mark", "store.rows")),
          Map.entry("store.packed", Set.of("store", "store.client")),
          Map.entry("model.format", Set.of()),
          Map.entry("model.onnx", Set.of("model.format")),
          Map.entry("model.files", Set.of("model.format", "model.onnx")),
          Map.entry("model.lock", Set.of("model.files", "model.format")),
          Map.entry("model.image", Set.of("model.files", "model.format")),
          Map.entry("model.text", Set.of("model.files", "model.format", "model.onnx")),
          Map.entry("model.head", Set.of("model.files", "model.format", "model.text")),
          Map.entry(
              "model.inputs", Set.of("model.files", "model.format", "model.onnx", "model.text")),
          Map.entry(
              "model",
              Set.of(
                  "model.files",
                  "model.format",
                  "model.head",
                  "model.image",
                  "model.inputs",
                  "model.onnx",
                  "model.text")),
          Map.entry(
              "model.repository",
              Set.of("model", "model.files", "model.format", "model.lock", "model.onnx")),
          Map.entry("batch.s3", Set.of()),
          Map.entry("batch.claim", Set.of("batch.s3")),
          Map.entry("batch.event", Set.of("batch.claim", "batch.s3")),
          Map.entry("batch.input.parquet.zstd", Set.of()),
          Map.entry("batch.input.parquet", Set.of("batch.input.parquet.zstd", "batch.s3")),
          Map.entry("batch.input", Set.of("batch.input.parquet", "batch.s3")),
          Map.entry("batch.lines", Set.of("batch.claim", "batch.input", "batch.s3")),
          Map.entry("batch.output", Set.of("batch.claim", "batch.lines", "batch.s3")),
          Map.entry("batch.output.parquet", Set.of("batch.claim", "batch.output", "batch.s3")),
          Map.entry(
              "batch.openai",
              Set.of("batch.claim", "batch.input", "batch.lines", "batch.output", "batch.s3")),
          Map.entry(
              "batch",
              Set.of(
                  "batch.claim",
                  "batch.event",
                  "batch.input",
                  "batch.lines",
                  "batch.openai",
                  "batch.output",
                  "batch.output.parquet",
                  "batch.s3")),
          Map.entry(
              "batch.fanout",
              Set.of(
                  "batch",
                  "batch.claim",
                  "batch.event",
                  "batch.input",
                  "batch.lines",
                  "batch.output",
                  "batch.output.parquet",
                  "batch.s3")));

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

  /// The allowed imports, of packages and of rooms, that no class has.
  static List<String> unused(Collection<Dependency> dependencies) {
    Set<String> used = new HashSet<>();
    for (Dependency dependency : dependencies) {
      String from = dependency.fromPackage();
      String to = dependency.toPackage();
      used.add(edge(from, to));
      used.add(edge(building(from), building(to)));
    }
    Set<String> unused = new TreeSet<>();
    List.of(ALLOWED, ROOMS)
        .forEach(
            rules ->
                rules.forEach((from, to) -> to.forEach(target -> unused.add(edge(from, target)))));
    unused.removeAll(used);
    return List.copyOf(unused);
  }

  private static String edge(String from, String to) {
    return from + " -> " + to;
  }

  private static boolean isAllowed(Dependency dependency) {
    String from = building(dependency.fromPackage());
    String to = building(dependency.toPackage());
    return from.equals(to)
        ? ROOMS.getOrDefault(dependency.fromPackage(), Set.of()).contains(dependency.toPackage())
        : ALLOWED.getOrDefault(from, Set.of()).contains(to);
  }

  /// The package that a room belongs to.
  static String building(String room) {
    int dot = room.indexOf('.');
    return dot < 0 ? room : room.substring(0, dot);
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

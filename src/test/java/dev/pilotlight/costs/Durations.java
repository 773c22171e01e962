package dev.pilotlight.costs;

/// How long a function is billed for one text, in milliseconds.
///
/// @param name of the model
/// @param computed what one inference keeps a vCPU busy
/// @param hit of a text whose result the cache has
/// @param stored of a text whose result only the table has
/// @param miss of a new text, with the cache
/// @param missUncached the same without it
/// @param cold from nothing to ready
record Durations(
    String name,
    double computed,
    double hit,
    double stored,
    double miss,
    double missUncached,
    double cold) {

  /// As PERFORMANCE.md has them, with round trips as they are in a region.
  static Durations measured(Figures figures) {
    double trip = figures.of("redis.trip.ms");
    double read = figures.of("dynamodb.read.ms");
    double computed = figures.row("miss.row");
    double uncached = computed + read + figures.of("dynamodb.write.ms");
    return new Durations(
        "all-MiniLM, as measured",
        computed,
        Math.ceil(figures.row("hit.row") + trip),
        Math.ceil(figures.row("hit.memory.row") + read),
        Math.ceil(uncached + 2 * trip),
        Math.ceil(uncached),
        Math.ceil(figures.row("cold.row")));
  }

  /// As the article has them.
  static Durations article(Figures figures) {
    double hit = figures.of("article.hit.ms");
    double miss = figures.of("article.miss.ms");
    return new Durations(
        "a model like the article's",
        miss,
        hit,
        hit + figures.of("dynamodb.read.ms") - figures.of("redis.trip.ms"),
        miss,
        miss - 2 * figures.of("redis.trip.ms"),
        figures.of("article.cold.ms"));
  }
}

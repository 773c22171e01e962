package dev.pilotlight.support;

import java.util.EnumSet;
import java.util.List;

/// The metrics that the functions write in CloudWatch's embedded metric format: at most one value
/// of each for a request or an invocation. Counts of 0 are written, too. In a line for several
/// requests, counts and costs are sums.
public enum Metric {
  REQUESTS("Requests", Unit.COUNT, "requests; for batches, invocations", Source.API, Source.BATCH),
  CLIENT_ERRORS("ClientErrors", Unit.COUNT, "requests answered 4xx", Source.API),
  SERVER_ERRORS(
      "ServerErrors",
      Unit.COUNT,
      "requests answered 5xx, or failed; not those in `NotCached`, nor 503 as the "
          + "answer to a question for readiness",
      Source.API,
      Source.BATCH),
  NOT_CACHED(
      "NotCached",
      Unit.COUNT,
      "requests answered 504, since they asked for a cached result and there is none; never 0",
      Source.API),
  DURATION(
      "Duration",
      Unit.MILLISECONDS,
      "from event to answer, without init",
      Source.API,
      Source.BATCH),
  LINES("Lines", Unit.COUNT, "lines of a batch that were answered", Source.BATCH),
  LINE_ERRORS("LineErrors", Unit.COUNT, "lines answered with an error", Source.BATCH),
  ITEMS(
      "Items",
      Unit.COUNT,
      "items of requests: texts, or sets of tensors",
      Source.API,
      Source.BATCH),
  HITS("Hits", Unit.COUNT, "items found in a tier", Source.BATCH),
  MEMORY_HITS("MemoryHits", Unit.COUNT, "items found in memory", Source.API),
  REDIS_HITS("RedisHits", Unit.COUNT, "items found in Redis", Source.API),
  DYNAMODB_HITS("DynamoDbHits", Unit.COUNT, "items found in DynamoDB", Source.API),
  INFERENCES("Inferences", Unit.COUNT, "items that were run", Source.API, Source.BATCH),
  WASTED_RUNS(
      "WastedRuns",
      Unit.COUNT,
      "runs that began early and were not needed; not in `Inferences`; never 0",
      Source.API),
  NOT_STORED(
      "NotStored",
      Unit.COUNT,
      "items answered but not stored: the write failed or had no answer in time (some may be stored"
          + " then), or a best-effort store could not be read; never 0",
      Source.API),
  NOT_LOADED(
      "NotLoaded",
      Unit.COUNT,
      "requests answered 5xx because their model was not loaded: loading failed, or goes on;"
          + " never 0",
      Source.API),
  REDIS_AWAY(
      "RedisAway",
      Unit.COUNT,
      "requests with an item for which Redis was asked and did not answer; never 0",
      Source.API),
  LOAD_TIME("LoadTime", Unit.MILLISECONDS, "waiting for a model to load", Source.API),
  DECODE_TIME("DecodeTime", Unit.MILLISECONDS, "reading the request", Source.API),
  LOOKUP_TIME("LookupTime", Unit.MILLISECONDS, "looking up items in the tiers", Source.API),
  TOKENIZE_TIME("TokenizeTime", Unit.MILLISECONDS, "tokenising texts", Source.API),
  RUN_TIME(
      "RunTime",
      Unit.MILLISECONDS,
      "running the model, after the look-up; for several items, also storing",
      Source.API),
  STORE_TIME("StoreTime", Unit.MILLISECONDS, "storing one item's result", Source.API),
  ENCODE_TIME("EncodeTime", Unit.MILLISECONDS, "writing the answer's body", Source.API),
  ESTIMATED_COST("EstimatedCost", Unit.NONE, "estimated cost in USD", Source.API, Source.BATCH),
  INIT_TIME(
      "InitTime",
      Unit.MILLISECONDS,
      "init duration, from process start until ready; with an environment's first request",
      Source.API,
      Source.BATCH),
  COLD_STARTS(
      "ColdStarts",
      Unit.COUNT,
      "1 with an environment's first request, unless it was provisioned",
      Source.API,
      Source.BATCH);

  /// The namespace of all metrics in CloudWatch.
  public static final String NAMESPACE = "Pilotlight";

  /// The dimension of every metric: the function's name.
  public static final String FUNCTION = "FunctionName";

  /// The dimension for the slowest tier among a request's answers: `memory`, `redis`, `dynamodb`,
  /// `run`; `none` without inference.
  public static final String TIER = "Tier";

  /// The dimension for the function's version: during a deployment there are two.
  public static final String VERSION = "ExecutedVersion";

  private static final List<String> BY_FUNCTION = List.of(FUNCTION);
  private static final List<String> BY_TIER = List.of(FUNCTION, TIER);
  private static final List<String> BY_VERSION = List.of(FUNCTION, VERSION);

  /// The units of CloudWatch.
  public enum Unit {
    COUNT("Count"),
    MILLISECONDS("Milliseconds"),
    NONE("None");

    private final String wireName;

    Unit(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  /// The function that writes a metric.
  public enum Source {
    /// The API function, once a request.
    API,
    /// The batch function, once an invocation.
    BATCH
  }

  private final String wireName;
  private final Unit unit;
  private final String meaning;
  private final boolean ofApi;
  private final boolean ofBatch;

  Metric(String wireName, Unit unit, String meaning, Source first, Source... more) {
    this.wireName = wireName;
    this.unit = unit;
    this.meaning = meaning;
    EnumSet<Source> sources = EnumSet.of(first, more);
    this.ofApi = sources.contains(Source.API);
    this.ofBatch = sources.contains(Source.BATCH);
  }

  /// The name in CloudWatch.
  public String wireName() {
    return wireName;
  }

  public Unit unit() {
    return unit;
  }

  /// The description for the documentation.
  public String meaning() {
    return meaning;
  }

  public boolean isOf(Source source) {
    return source == Source.API ? ofApi : ofBatch;
  }

  /// The sets of dimensions of a source's values; none if the source does not write this metric.
  public List<List<String>> dimensions(Source source) {
    if (!isOf(source)) {
      return List.of();
    }
    if (isBy(TIER, source)) {
      return List.of(BY_FUNCTION, BY_TIER);
    }
    return isBy(VERSION, source) ? List.of(BY_FUNCTION, BY_VERSION) : List.of(BY_FUNCTION);
  }

  /// Whether the metric also has this second dimension.
  boolean isBy(String dimension, Source source) {
    return source == Source.API
        && ((this == DURATION && dimension.equals(TIER))
            || (this == SERVER_ERRORS && dimension.equals(VERSION)));
  }
}

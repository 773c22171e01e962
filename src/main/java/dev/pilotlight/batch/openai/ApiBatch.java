package dev.pilotlight.batch.openai;

import static dev.pilotlight.store.Attributes.constant;
import static dev.pilotlight.store.Attributes.listedTexts;
import static dev.pilotlight.store.Attributes.number;
import static dev.pilotlight.store.Attributes.text;
import static dev.pilotlight.store.Attributes.textOrEmpty;
import static dev.pilotlight.store.Attributes.textsByName;
import static dev.pilotlight.store.Attributes.whole;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A batch of OpenAI's API, as an item of the results' table: `openai-batch#` and its id.
///
/// @param id `batch_` and 32 hex digits
/// @param owner who made it
/// @param models the only ones that its requests may use; null for all of the tenant's
/// @param bucket of the copy of its input file, as `key`
/// @param times when it got a status, in seconds since 1970
/// @param errors a JSON array of what validation found; empty if it found nothing
/// @param outputFile the id of the file with the successes; empty until there is one
/// @param errorFile the id of the file with the failures; likewise
/// @param created in seconds since 1970, as `expires`
record ApiBatch(
    String id,
    String owner,
    @Nullable Set<String> models,
    NewBatch asked,
    String bucket,
    String key,
    BatchStatus status,
    Map<BatchStatus, Long> times,
    Counts counts,
    String errors,
    String outputFile,
    String errorFile,
    long created,
    long expires) {
  /// The beginning of every batch's id.
  static final String PREFIX = "batch_";

  static final String KEY = "pk";
  static final String STATUS = "status";
  static final String ERRORS = "errors";
  static final String OUTPUT_FILE = "output_file";
  static final String ERROR_FILE = "error_file";
  static final Duration WINDOW = Duration.ofHours(24);

  /// A function may still finish a batch this long after its window.
  private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  private static final String MODELS = "models";
  private static final String METADATA = "metadata";
  private static final Duration KEPT = Duration.ofDays(32);

  ApiBatch {
    models = models == null ? null : Set.copyOf(models);
    times = Map.copyOf(times);
  }

  /// A new batch with the status `validating`.
  static ApiBatch validating(
      String id,
      String owner,
      @Nullable Set<String> models,
      NewBatch asked,
      String bucket,
      String key,
      Instant now) {
    long created = now.getEpochSecond();
    return new ApiBatch(
        id,
        owner,
        models,
        asked,
        bucket,
        key,
        BatchStatus.VALIDATING,
        Map.of(),
        Counts.NONE,
        "",
        "",
        "",
        created,
        created + WINDOW.toSeconds());
  }

  /// Numbers of requests and tokens.
  ///
  /// @param total 0 until the file is validated
  record Counts(long total, long completed, long failed, long tokens) {
    static final Counts NONE = new Counts(0, 0, 0, 0);

    Map<String, AttributeValue> attributes() {
      return Map.of(
          "total", number(total),
          "completed", number(completed),
          "failed", number(failed),
          "tokens", number(tokens));
    }
  }

  static Map<String, AttributeValue> itemKey(String id) {
    return Map.of(KEY, fromS(ApiBatchKeys.row(id)));
  }

  Map<String, AttributeValue> attributes() {
    Map<String, AttributeValue> item = new HashMap<>(itemKey(id));
    item.put("owner", fromS(owner));
    if (models != null) {
      item.put(MODELS, fromL(models.stream().sorted().map(AttributeValue::fromS).toList()));
    }
    item.put("input_file", fromS(asked.inputFile()));
    item.put("endpoint", fromS(asked.endpoint()));
    Map<String, AttributeValue> texts = new HashMap<>();
    asked.metadata().forEach((name, value) -> texts.put(name, fromS(value)));
    item.put(METADATA, fromM(texts));
    item.put("output_seconds", number(asked.outputSeconds()));
    item.put("bucket", fromS(bucket));
    item.put("key", fromS(key));
    item.put(STATUS, fromS(status.name()));
    item.putAll(counts.attributes());
    item.put("created", number(created));
    item.put("window_ends", number(expires));
    item.put("expires_at", number(created + KEPT.toSeconds()));
    return item;
  }

  /// Reads a row. One without `models` allows all of the tenant's; one without `metadata` has none.
  ///
  /// @throws IllegalStateException if another attribute is missing, or one is not as written
  static ApiBatch of(String id, Map<String, AttributeValue> item) {
    Map<BatchStatus, Long> times = new EnumMap<>(BatchStatus.class);
    for (BatchStatus status : BatchStatus.values()) {
      if (item.containsKey(status.timeName())) {
        times.put(status, whole(item, status.timeName()));
      }
    }
    return new ApiBatch(
        id,
        text(item, "owner"),
        listedTexts(item, MODELS),
        new NewBatch(
            text(item, "input_file"),
            text(item, "endpoint"),
            textsByName(item, METADATA),
            whole(item, "output_seconds")),
        text(item, "bucket"),
        text(item, "key"),
        constant(item, STATUS, BatchStatus.class),
        times,
        new Counts(
            whole(item, "total"),
            whole(item, "completed"),
            whole(item, "failed"),
            whole(item, "tokens")),
        textOrEmpty(item, ERRORS),
        textOrEmpty(item, OUTPUT_FILE),
        textOrEmpty(item, ERROR_FILE),
        whole(item, "created"),
        whole(item, "window_ends"));
  }

  /// When its last line was answered, or refused; constant from then on.
  Instant answered() {
    for (BatchStatus status :
        List.of(BatchStatus.FINALIZING, BatchStatus.CANCELLING, BatchStatus.IN_PROGRESS)) {
      Long at = times.get(status);
      if (at != null) {
        return Instant.ofEpochSecond(at);
      }
    }
    return Instant.ofEpochSecond(created);
  }

  /// The batch as callers see it. An hour after its window no function works on it, so it shows as
  /// expired, or as cancelled if it was cancelling.
  ApiBatch shownAt(Instant now) {
    if (status.isFinal() || now.getEpochSecond() < expires + ABANDONED_AFTER.toSeconds()) {
      return this;
    }
    BatchStatus end =
        status == BatchStatus.CANCELLING ? BatchStatus.CANCELLED : BatchStatus.EXPIRED;
    Map<BatchStatus, Long> all = new EnumMap<>(BatchStatus.class);
    all.putAll(times);
    all.put(end, expires);
    return new ApiBatch(
        id,
        owner,
        models,
        asked,
        bucket,
        key,
        end,
        all,
        counts,
        errors,
        outputFile,
        errorFile,
        created,
        expires);
  }
}

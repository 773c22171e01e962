package dev.pilotlight.files;

import static dev.pilotlight.store.Attributes.damaged;
import static dev.pilotlight.store.Attributes.number;
import static dev.pilotlight.store.Attributes.text;
import static dev.pilotlight.store.Attributes.textOrNull;
import static dev.pilotlight.store.Attributes.texts;
import static dev.pilotlight.store.Attributes.whole;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.Budget;
import dev.pilotlight.store.BulkCalls;
import dev.pilotlight.store.DynamoCall;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// Uploads as items of the results' table. Thread-safe; every method throws
/// [dev.pilotlight.store.StoreException].
///
/// | attribute | |
/// |---|---|
/// | `pk` S | `upload#` and the upload's id |
/// | `owner`, `filename`, `status` S | whose it is, and its progress as OpenAI names it |
/// | `bytes`, `created`, `until`, `kept` N | the file's size; times in seconds since 1970 |
/// | `parts` SS | ids of the parts |
/// | `taken` N | the bytes of the parts together |
/// | `digest`, `version_id` S | how it was completed: a digest of the parts' list; the object |
/// | `expires_at` N | seconds since 1970; the table's TTL attribute |
final class UploadTable {
  /// How long an upload is known after its end.
  private static final Duration REMEMBERED = Duration.ofDays(2);

  private static final String KEY = "pk";
  private static final String OWNER = "owner";
  private static final String STATUS = "status";
  private static final String PARTS = "parts";
  private static final String TAKEN = "taken";
  private static final String UNTIL = "until";
  private static final String DIGEST = "digest";
  private static final String VERSION_ID = "version_id";
  private static final Map<String, String> PART_NAMES =
      Map.of("#status", STATUS, "#parts", PARTS, "#until", UNTIL, "#taken", TAKEN);

  private final Supplier<DynamoDbClient> client;
  private final BulkCalls calls;
  private final String table;

  UploadTable(Supplier<DynamoDbClient> client, String table) {
    this.client = client;
    this.calls = new BulkCalls(client, table);
    this.table = table;
  }

  void add(Upload upload, Deadline end) {
    Map<String, AttributeValue> item = new HashMap<>(key(upload.id()));
    item.put(OWNER, fromS(upload.owner()));
    item.put("filename", fromS(upload.filename()));
    item.put(STATUS, fromS(upload.status().wireName()));
    item.put("bytes", number(upload.bytes()));
    item.put("created", number(upload.created().getEpochSecond()));
    item.put(UNTIL, number(upload.expires().getEpochSecond()));
    item.put(TAKEN, number(upload.receivedBytes()));
    item.put("kept", number(upload.fileExpires().getEpochSecond()));
    item.put("expires_at", number(upload.expires().plus(REMEMBERED).getEpochSecond()));
    PutItemRequest put =
        PutItemRequest.builder()
            .tableName(table)
            .item(item)
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    var _ = DynamoCall.make(() -> client.get().putItem(put));
  }

  /// Finds an upload; empty if there is none, and if it is another owner's.
  Optional<Upload> find(String owner, String id, Deadline end) {
    if (!FileIds.isId(Upload.PREFIX, id)) {
      return Optional.empty();
    }
    return DynamoCall.make(() -> calls.getConsistently(List.of(key(id)), end)).stream()
        .map(UploadTable::read)
        .filter(upload -> upload.owner().equals(owner))
        .findFirst();
  }

  /// Adds a part.
  ///
  /// @return false if the upload takes no part: it ended, expired, or has the most parts or bytes
  boolean addPart(Upload upload, String partId, int bytes, Instant now, Deadline end) {
    return update(
        upload.id(),
        "ADD #parts :part, #taken :bytes",
        "#status = :pending AND #until > :now"
            + " AND (attribute_not_exists(#parts) OR size(#parts) < :most)"
            + " AND #taken <= :room",
        PART_NAMES,
        Map.of(
            ":part", fromSs(List.of(partId)),
            ":pending", fromS(Upload.Status.PENDING.wireName()),
            ":now", number(now.getEpochSecond()),
            ":bytes", number(bytes),
            ":room", number(upload.receivedBytesMax() - bytes),
            ":most", number(Uploads.PARTS_MAX)),
        end);
  }

  /// Ends an upload that is pending.
  ///
  /// @param ended completed or cancelled
  /// @return false if it ended before
  boolean end(Upload ended, Deadline end) {
    Map<String, String> names = new HashMap<>(Map.of("#status", STATUS));
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":status", fromS(ended.status().wireName()));
    values.put(":pending", fromS(Upload.Status.PENDING.wireName()));
    String expression = "SET #status = :status";
    Upload.Join join = ended.join();
    if (join != null) {
      names.put("#digest", DIGEST);
      values.put(":digest", fromS(join.digest()));
      expression += ", #digest = :digest";
      String version = join.versionId();
      if (version != null) {
        names.put("#version", VERSION_ID);
        values.put(":version", fromS(version));
        expression += ", #version = :version";
      }
    }
    return update(ended.id(), expression, "#status = :pending", names, values, end);
  }

  private boolean update(
      String id,
      String expression,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      Deadline end) {
    UpdateItemRequest update =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(key(id))
            .updateExpression(expression)
            .conditionExpression(condition)
            .expressionAttributeNames(names)
            .expressionAttributeValues(values)
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    return DynamoCall.ifAllowed(() -> client.get().updateItem(update));
  }

  static Upload read(Map<String, AttributeValue> item) {
    String digest = textOrNull(item, DIGEST);
    return new Upload(
        text(item, KEY).substring("upload#".length()),
        text(item, OWNER),
        text(item, "filename"),
        whole(item, "bytes"),
        Instant.ofEpochSecond(whole(item, "created")),
        Instant.ofEpochSecond(whole(item, UNTIL)),
        Instant.ofEpochSecond(whole(item, "kept")),
        Upload.Status.of(text(item, STATUS)).orElseThrow(() -> damaged(item, STATUS)),
        texts(item, PARTS),
        whole(item, TAKEN),
        digest == null ? null : new Upload.Join(digest, textOrNull(item, VERSION_ID)));
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of(KEY, fromS("upload#" + id));
  }
}

package dev.pilotlight.store.mark;

import dev.pilotlight.store.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One item of the results' table for a request with an idempotency key. Its attributes:
///
/// | attribute | |
/// |---|---|
/// | `pk` S | `idempotency#` and a digest: an id of a result has no `#` |
/// | `tenant` S | the tenant of the request |
/// | `claim_state` S | `running`, `done`, `released` |
/// | `claim_owner` S | the attempt that wrote the item |
/// | `lease_until` N | end of the owner's lease while it runs, in ms since 1970 |
/// | `fingerprint` B | the digest of the request |
/// | `value` B | the encoded answer, unless it is in S3 |
/// | `s3_key` S, `bytes` N, `sha256` B | the object in S3, its length and its digest |
/// | `expires_at` N | seconds since 1970; the table's TTL attribute |
///
/// @param id the item's `pk`
/// @param value not copied; null if the item has none
/// @param pointer null if the item has none
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Mark(
    String id,
    String tenant,
    State state,
    String owner,
    long leaseUntil,
    byte[] fingerprint,
    long expires,
    byte @Nullable [] value,
    @Nullable Pointer pointer) {
  /// The beginning of every mark's `pk`.
  public static final String PREFIX = "idempotency#";

  static final String KEY = "pk";
  static final String TENANT = "tenant";
  static final String STATE = "claim_state";
  static final String OWNER = "claim_owner";
  static final String LEASE_UNTIL = "lease_until";
  static final String FINGERPRINT = "fingerprint";
  static final String EXPIRES = "expires_at";
  static final String VALUE = "value";
  static final String S3_KEY = "s3_key";
  static final String BYTES = "bytes";
  static final String SHA_256 = "sha256";

  private static final byte[] NOTHING = new byte[0];
  private static final int MILLIS_PER_SECOND = 1_000;

  /// The progress of a request.
  public enum State {
    /// Its owner runs it, or did until it died.
    RUNNING("running"),
    /// The item has the answer.
    DONE("done"),
    /// It failed, and counts as absent.
    RELEASED("released");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }
  }

  /// A condition on the item that a write replaces.
  public enum Condition {
    /// No live mark, or one of the same request whose lease has expired.
    CLAIM(
        "attribute_not_exists(pk) OR expires_at <= :now OR (claim_state = :running AND lease_until"
            + " <= :now_ms AND fingerprint = :fingerprint)"),
    /// The owner's own mark, still running.
    RENEW("claim_owner = :owner AND claim_state = :running"),
    /// The owner's own mark: a write that is repeated because its answer was lost succeeds again.
    KEEP("claim_owner = :owner");

    private final String expression;

    Condition(String expression) {
      this.expression = expression;
    }

    public String expression() {
      return expression;
    }
  }

  /// The values of a condition's expression: texts, longs and byte arrays.
  ///
  /// @param nowMillis since 1970
  public Map<String, Object> values(Condition condition, long nowMillis) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (condition == Condition.CLAIM) {
      values.put(":now", nowMillis / MILLIS_PER_SECOND);
      values.put(":now_ms", nowMillis);
      values.put(":fingerprint", fingerprint);
    } else {
      values.put(":owner", owner);
    }
    if (condition != Condition.KEEP) {
      values.put(":running", State.RUNNING.wireName());
    }
    return values;
  }

  /// The item's attributes: texts, longs and byte arrays.
  public Map<String, Object> attributes() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(KEY, id);
    all.put(TENANT, tenant);
    all.put(STATE, state.wireName());
    all.put(OWNER, owner);
    all.put(LEASE_UNTIL, leaseUntil);
    all.put(FINGERPRINT, fingerprint);
    all.put(EXPIRES, expires);
    if (value != null) {
      all.put(VALUE, value);
    }
    if (pointer != null) {
      all.put(S3_KEY, pointer.key());
      all.put(BYTES, pointer.bytes());
      all.put(SHA_256, pointer.sha256());
    }
    return all;
  }

  /// Reads an item. An attribute that is missing, or of another type, counts as empty or 0.
  ///
  /// @param attributes texts, longs and byte arrays
  public static Mark of(Map<String, Object> attributes) {
    String s3Key = text(attributes, S3_KEY);
    byte[] sha256 = bytes(attributes, SHA_256);
    byte[] fingerprint = bytes(attributes, FINGERPRINT);
    return new Mark(
        text(attributes, KEY),
        text(attributes, TENANT),
        state(text(attributes, STATE)),
        text(attributes, OWNER),
        number(attributes, LEASE_UNTIL),
        fingerprint == null ? NOTHING : fingerprint,
        number(attributes, EXPIRES),
        bytes(attributes, VALUE),
        s3Key.isEmpty() || sha256 == null
            ? null
            : new Pointer(s3Key, number(attributes, BYTES), sha256));
  }

  private static State state(String wireName) {
    for (State state : State.values()) {
      if (state.wireName().equals(wireName)) {
        return state;
      }
    }
    return State.RUNNING; // of a newer version: its lease decides
  }

  private static String text(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof String text ? text : "";
  }

  private static long number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Long number ? number : 0;
  }

  private static byte @Nullable [] bytes(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof byte[] bytes ? bytes : null;
  }

  /// The same mark with another end of its lease.
  ///
  /// @param millis since 1970
  public Mark until(long millis) {
    return new Mark(id, tenant, state, owner, millis, fingerprint, expires, value, pointer);
  }

  /// The same request, whose next attempt need not wait.
  ///
  /// @param expired a time in the past, in seconds since 1970: the item counts as absent, and
  ///   DynamoDB deletes it, which it does not if the time is more than five years ago
  Mark released(long expired) {
    return new Mark(id, tenant, State.RELEASED, owner, 0, fingerprint, expired, null, null);
  }

  Mark done(byte @Nullable [] answer, @Nullable Pointer large) {
    return new Mark(id, tenant, State.DONE, owner, 0, fingerprint, expires, answer, large);
  }

  /// The item's size as DynamoDB counts it: names, values, half a byte a digit.
  int itemBytes() {
    int bytes = 0;
    for (Map.Entry<String, Object> attribute : attributes().entrySet()) {
      bytes += attribute.getKey().length();
      bytes +=
          switch (attribute.getValue()) {
            case String text -> text.getBytes(StandardCharsets.UTF_8).length;
            case byte[] binary -> binary.length;
            default -> attribute.getValue().toString().length() / 2 + 2;
          };
    }
    return bytes;
  }
}

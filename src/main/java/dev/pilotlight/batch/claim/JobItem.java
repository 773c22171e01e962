package dev.pilotlight.batch.claim;

import static dev.pilotlight.store.Attributes.bytes;
import static dev.pilotlight.store.Attributes.constant;
import static dev.pilotlight.store.Attributes.damaged;
import static dev.pilotlight.store.Attributes.number;
import static dev.pilotlight.store.Attributes.text;
import static dev.pilotlight.store.Attributes.textOrEmpty;
import static dev.pilotlight.store.Attributes.whole;
import static dev.pilotlight.store.Attributes.wholeOrZero;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.batch.s3.ObjectVersion;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A batch as an item of the results' table. Its attributes:
///
/// | attribute | |
/// |---|---|
/// | `pk` S | `batch#` and the [Job]'s id: one for all versions of an object |
/// | `execution` S | of the state machine that has the batch; empty if none has |
/// | `start`, `lines_before` N | bytes and lines of the object before a shard; 0 for a batch |
/// | `bucket`, `key`, `version_id`, `e_tag`, `sequencer` S, `size`, `modified` N | the version |
/// | `state` S | RUNNING, WAITING, DONE, FAILED |
/// | `reason` S | why it failed |
/// | `invocation` N | number of claims of this version so far |
/// | `owner` S, `beat` N | claim owner ([Trigger]), and the number of this write by that owner |
/// | `lease_ms`, `lease_until` N | length of the lease; its end in ms since 1970 |
/// | `progress` B | the last checkpoint ([ProgressCodec]) |
/// | `spent_ms`, `spent_hits`, `spent_runs` N | usage of all invocations, failed ones included |
/// | `billed` M | counters of the tenant's use ([Billed]); absent if nothing is billed |
/// | `expires_at` N | seconds since 1970; the table's TTL attribute |
///
/// @param reason empty unless it failed
public record JobItem(
    Job job,
    State state,
    String reason,
    int invocation,
    Hold hold,
    Progress progress,
    Spent spent,
    Billed billed,
    long expiresAt) {
  static final String KEY = "pk";
  static final String STATE = "state";
  static final String OWNER = "owner";
  static final String BEAT = "beat";

  private static final String PREFIX = "batch#";
  private static final String EXECUTION = "execution";
  private static final String START = "start";
  private static final String LINES_BEFORE = "lines_before";
  private static final String BUCKET = "bucket";
  private static final String OBJECT_KEY = "key";
  private static final String VERSION_ID = "version_id";
  private static final String E_TAG = "e_tag";
  private static final String SIZE = "size";
  private static final String SEQUENCER = "sequencer";
  private static final String MODIFIED = "modified";
  private static final String REASON = "reason";
  private static final String INVOCATION = "invocation";
  private static final String LEASE_MS = "lease_ms";
  private static final String LEASE_UNTIL = "lease_until";
  private static final String PROGRESS = "progress";
  private static final String SPENT_MS = "spent_ms";
  private static final String SPENT_HITS = "spent_hits";
  private static final String SPENT_RUNS = "spent_runs";
  private static final String BILLED = "billed";
  private static final String EXPIRES = "expires_at";

  enum State {
    /// An owner works on it, or did until it died.
    RUNNING,
    /// Its next invocation continues it.
    WAITING,
    DONE,
    /// Final for this version.
    FAILED
  }

  /// The owner of the batch, or its last one. Each write of an owner increments its beat.
  ///
  /// @param untilMillis since 1970, by the owner's clock
  record Hold(String owner, long beat, long leaseMillis, long untilMillis) {
    static final Hold NOBODY = new Hold("", 0, 0, 0);

    boolean isSameWrite(Hold other) {
      return owner.equals(other.owner) && beat == other.beat;
    }
  }

  /// Usage of a version by all its invocations up to their last writes. Includes invocations that
  /// failed or died, and lines that were answered again because no checkpoint covered them.
  ///
  /// @param hits items with a known result
  /// @param runs items that were run
  public record Spent(long millis, long hits, long runs) {
    static final Spent NONE = new Spent(0, 0, 0);

    Spent plus(Spent more) {
      return new Spent(millis + more.millis, hits + more.hits, runs + more.runs);
    }
  }

  static Map<String, AttributeValue> key(String id) {
    return Map.of(KEY, fromS(rowKey(id)));
  }

  /// The `pk` of the item of a [Job].
  public static String rowKey(String id) {
    return PREFIX + id;
  }

  /// The first invocation of a version, without an owner yet.
  static JobItem first(ObjectVersion version) {
    return first(Job.of(version, ""));
  }

  /// The first invocation, without an owner yet.
  static JobItem first(Job job) {
    return new JobItem(
        job, State.RUNNING, "", 1, Hold.NOBODY, job.first(), Spent.NONE, Billed.NONE, 0);
  }

  /// The version of the whole object.
  public ObjectVersion version() {
    return job.version();
  }

  /// Whether all of it is answered.
  public boolean isDone() {
    return state == State.DONE;
  }

  /// Whether it is unfinished, and an execution has it or had it when it failed.
  public boolean belongsTo(String execution) {
    return job.belongsTo(execution) && isUnfinished();
  }

  /// Whether its lines are still to be answered.
  public boolean isUnfinished() {
    return state == State.RUNNING || state == State.WAITING;
  }

  /// The next invocation. It starts from the first line, and keeps usage and bills.
  JobItem restart(Job next) {
    return new JobItem(
        next, State.RUNNING, "", invocation + 1, Hold.NOBODY, next.first(), spent, billed, 0);
  }

  /// After its execution failed, another one may claim it.
  JobItem released() {
    return new JobItem(
        job.released(), state, reason, invocation, hold, progress, spent, billed, expiresAt);
  }

  /// The next invocation of the same version, without an owner yet.
  JobItem nextInvocation() {
    return new JobItem(
        job.reclaimed(),
        State.RUNNING,
        "",
        invocation + 1,
        Hold.NOBODY,
        progress,
        spent,
        billed,
        0);
  }

  JobItem with(State newState, String newReason, Progress newProgress) {
    return new JobItem(
        job, newState, newReason, invocation, hold, newProgress, spent, billed, expiresAt);
  }

  JobItem with(Hold newHold, long newExpiresAt) {
    return new JobItem(
        job, state, reason, invocation, newHold, progress, spent, billed, newExpiresAt);
  }

  JobItem with(Spent newSpent) {
    return new JobItem(job, state, reason, invocation, hold, progress, newSpent, billed, expiresAt);
  }

  JobItem with(Billed newBilled) {
    return new JobItem(job, state, reason, invocation, hold, progress, spent, newBilled, expiresAt);
  }

  /// DynamoDB may delete an expired item days later.
  boolean isExpired(Instant now) {
    return expiresAt <= now.getEpochSecond();
  }

  Map<String, AttributeValue> attributes() {
    Map<String, AttributeValue> item = new HashMap<>(key(job.id()));
    item.putAll(attributes(job.version()));
    item.put(START, number(job.start()));
    item.put(LINES_BEFORE, number(job.linesBefore()));
    item.put(INVOCATION, number(invocation));
    item.put(OWNER, fromS(hold.owner()));
    item.put(LEASE_MS, number(hold.leaseMillis()));
    item.putAll(checkpoint());
    return item;
  }

  /// Those of the version.
  static Map<String, AttributeValue> attributes(ObjectVersion version) {
    return Map.of(
        BUCKET, fromS(version.bucket()),
        OBJECT_KEY, fromS(version.key()),
        VERSION_ID, fromS(version.versionId()),
        E_TAG, fromS(version.eTag()),
        SIZE, number(version.size()),
        SEQUENCER, fromS(version.sequencer()),
        MODIFIED, number(version.modifiedMillis()));
  }

  /// The attributes that a checkpoint changes.
  Map<String, AttributeValue> checkpoint() {
    Map<String, AttributeValue> item = new HashMap<>(signOfLife());
    item.put(EXECUTION, fromS(job.execution()));
    item.put(STATE, fromS(state.name()));
    item.put(REASON, fromS(reason));
    item.put(PROGRESS, fromB(SdkBytes.fromByteArrayUnsafe(ProgressCodec.encode(progress))));
    if (!billed.isNone()) {
      item.put(BILLED, billed.attribute());
    }
    return item;
  }

  /// The attributes that the renewal of a lease changes.
  Map<String, AttributeValue> signOfLife() {
    return Map.of(
        BEAT, number(hold.beat()),
        LEASE_UNTIL, number(hold.untilMillis()),
        SPENT_MS, number(spent.millis()),
        SPENT_HITS, number(spent.hits()),
        SPENT_RUNS, number(spent.runs()),
        EXPIRES, number(expiresAt));
  }

  /// @param item without attributes if there is none; that of an earlier release lacks some
  /// @throws IllegalStateException if another attribute is missing, or one is not as written
  static Optional<JobItem> of(Map<String, AttributeValue> item) {
    if (item.isEmpty()) {
      return Optional.empty();
    }
    Hold hold =
        new Hold(
            text(item, OWNER), whole(item, BEAT), whole(item, LEASE_MS), whole(item, LEASE_UNTIL));
    Job job =
        new Job(
            text(item, KEY).substring(PREFIX.length()),
            version(item),
            textOrEmpty(item, EXECUTION),
            wholeOrZero(item, START),
            wholeOrZero(item, LINES_BEFORE));
    return Optional.of(
        new JobItem(
            job,
            constant(item, STATE, State.class),
            text(item, REASON),
            (int) whole(item, INVOCATION),
            hold,
            progress(item),
            new Spent(
                wholeOrZero(item, SPENT_MS),
                wholeOrZero(item, SPENT_HITS),
                wholeOrZero(item, SPENT_RUNS)),
            item.containsKey(BILLED) ? Billed.of(item, BILLED) : Billed.NONE,
            whole(item, EXPIRES)));
  }

  private static Progress progress(Map<String, AttributeValue> item) {
    try {
      return ProgressCodec.decode(bytes(item, PROGRESS));
    } catch (IllegalArgumentException e) {
      throw damaged(item, PROGRESS, e);
    }
  }

  /// @throws IllegalStateException if an attribute of [#attributes(ObjectVersion)] is missing
  static ObjectVersion version(Map<String, AttributeValue> item) {
    return new ObjectVersion(
        text(item, BUCKET),
        text(item, OBJECT_KEY),
        text(item, VERSION_ID),
        text(item, E_TAG),
        whole(item, SIZE),
        text(item, SEQUENCER),
        wholeOrZero(item, MODIFIED));
  }
}

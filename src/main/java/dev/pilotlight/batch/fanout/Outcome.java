package dev.pilotlight.batch.fanout;

import dev.pilotlight.support.json.JsonBytes;

/// How a step ended, as the state machine reads it: `{"outcome":"handed-over"}`.
public sealed interface Outcome {
  /// In lower case with hyphens, as in logs, metrics and answers.
  String wireName();

  /// The answer of the function.
  default byte[] json() {
    return new JsonBytes().object().field("outcome", wireName()).endObject().toByteArray();
  }

  /// An outcome without more to tell.
  enum Plain implements Outcome {
    /// The step's work is done.
    DONE("done"),
    /// The time was up; the step has to be called again.
    HANDED_OVER("handed-over"),
    /// This version was answered before.
    DONE_BEFORE("done-before"),
    /// A newer version of the object exists, or another execution has it.
    SUPERSEDED("superseded"),
    /// The object, or this version of it, was deleted.
    GONE("gone"),
    /// The state machine does not answer the object.
    IGNORED("ignored"),
    /// Another execution, or another environment, has this version.
    HELD("held"),
    /// The reason is in `<key>.failed.json`.
    FAILED("failed");

    private final String wireName;

    Plain(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }
  }

  /// As many batches of the tenant run as its plan allows: the step has to be called again.
  ///
  /// @param seconds until then
  record Waits(long seconds) implements Outcome {
    @Override
    public String wireName() {
      return "waits";
    }

    @Override
    public byte[] json() {
      return new JsonBytes()
          .object()
          .field("outcome", wireName())
          .field("seconds", seconds)
          .endObject()
          .toByteArray();
    }
  }

  /// The shards are cut.
  ///
  /// @param bucket and `key` of the array of shards
  record Planned(String batch, int shards, String bucket, String key) implements Outcome {
    @Override
    public String wireName() {
      return "planned";
    }

    @Override
    public byte[] json() {
      return new JsonBytes()
          .object()
          .field("outcome", wireName())
          .field("batch", batch)
          .field("shards", shards)
          .field("bucket", bucket)
          .field("key", key)
          .endObject()
          .toByteArray();
    }
  }
}

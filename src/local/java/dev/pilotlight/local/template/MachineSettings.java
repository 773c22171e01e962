package dev.pilotlight.local.template;

import java.util.List;

/// A state machine that new objects in S3 start.
///
/// @param id its logical id
/// @param definition in Amazon States Language
/// @param starts the rules that start it
/// @param ends the rules that send a function the end of an execution
public record MachineSettings(String id, String definition, List<Start> starts, List<End> ends) {
  public MachineSettings {
    starts = List.copyOf(starts);
    ends = List.copyOf(ends);
  }

  /// A rule for new objects.
  ///
  /// @param bucket the bucket's local name
  /// @param prefix of keys; empty for any
  public record Start(String rule, String bucket, String prefix) {
    /// Whether EventBridge would start the machine.
    public boolean takes(String bucketOfObject, String key) {
      return bucketOfObject.equals(bucket) && key.startsWith(prefix);
    }
  }

  /// A rule for executions that ended.
  ///
  /// @param function logical id of the function that receives the event
  /// @param statuses such as `FAILED`
  public record End(String rule, String function, List<String> statuses) {
    public End {
      statuses = List.copyOf(statuses);
    }
  }
}

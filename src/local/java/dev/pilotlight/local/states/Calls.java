package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;

/// The AWS services that states call.
interface Calls {
  /// Calls a function and waits for its answer.
  ///
  /// @param function its local name
  /// @param timeout counted from when an environment takes the event
  /// @return the answer
  /// @throws StatesError with Step Functions' name of the failure
  JsonNode invoke(String function, JsonNode payload, Duration timeout)
      throws StatesError, InterruptedException;

  /// Reads the items of a JSON array in S3.
  ///
  /// @throws StatesError if there is no such object, or it is not an array
  List<JsonNode> items(String bucket, String key) throws StatesError;
}

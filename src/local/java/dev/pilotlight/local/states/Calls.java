package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;

/// The AWS services that states call.
interface Calls {
  /// Calls a function and waits for its answer.
  ///
  /// @param function its name here
  /// @param timeout from when an environment has the event
  /// @return the answer
  /// @throws StatesError by the name that Step Functions gives the failure
  JsonNode invoke(String function, JsonNode payload, Duration timeout)
      throws StatesError, InterruptedException;

  /// Reads the items of a JSON array in S3.
  ///
  /// @throws StatesError if there is no such object, or it holds no array
  List<JsonNode> items(String bucket, String key) throws StatesError;
}

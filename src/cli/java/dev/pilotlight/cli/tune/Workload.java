package dev.pilotlight.cli.tune;

import java.util.List;
import java.util.Map;

/// The requests that every size gets, the same and in the same order.
///
/// @param first of a new process, for the cold start
/// @param checks whose answers must be the same at every size; each is sent after the first
/// @param warmUp requests that are not measured
/// @param measured in order
/// @param weights of the kinds of requests; empty if each measured request counts the same
/// @param origin of the requests, in a sentence for reports
public record Workload(
    Call first,
    List<Call> checks,
    List<Call> warmUp,
    List<Call> measured,
    Map<String, Double> weights,
    String origin) {
  /// The kind of a request that an answer decides.
  static final String BY_ANSWER = "";

  static final String HIT = "hit";
  static final String NO_HIT = "no hit";

  /// Whether the requests are those of a file, and their answers decide what is a hit.
  boolean recorded() {
    return first.kind().equals(BY_ANSWER);
  }

  /// An event of a kind.
  ///
  /// @param origin of a recorded request, such as its method, path and line
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Call(String kind, String origin, byte[] event) {
    Call(String kind, byte[] event) {
      this(kind, kind, event);
    }
  }

  public Workload {
    checks = List.copyOf(checks);
    warmUp = List.copyOf(warmUp);
    measured = List.copyOf(measured);
    weights = Map.copyOf(weights);
  }
}

package dev.pilotlight.batch.output;

import dev.pilotlight.domain.ModelInfo;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The fingerprint of a model in a checkpoint.
///
/// @param digest of the model's files
/// @param plan of the settings with which it answers; null in checkpoints of earlier releases
public record Fingerprint(String digest, @Nullable String plan) {

  /// Parses a fingerprint.
  ///
  /// @param recorded [ModelInfo#fingerprint()], or the digest alone
  public static Fingerprint of(String recorded) {
    int slash = recorded.indexOf('/');
    return slash < 0
        ? new Fingerprint(recorded, null)
        : new Fingerprint(recorded.substring(0, slash), recorded.substring(slash + 1));
  }

  /// Whether both are of the same model, as far as both have a plan.
  public boolean matches(Fingerprint other) {
    return digest.equals(other.digest)
        && (plan == null || other.plan == null || plan.equals(other.plan));
  }

  /// Whether all are of the same model.
  ///
  /// @param recorded as for [#of]
  public static boolean areSame(Collection<String> recorded) {
    return recorded.stream()
        .map(Fingerprint::of)
        .allMatch(one -> recorded.stream().map(Fingerprint::of).allMatch(one::matches));
  }

  /// One of several that has a plan, if any has. The digest alone would match different plans.
  ///
  /// @param recorded as for [#of]; not empty
  public static String mostSpecific(Collection<String> recorded) {
    return recorded.stream()
        .filter(one -> Fingerprint.of(one).plan() != null)
        .findFirst()
        .orElseGet(() -> recorded.iterator().next());
  }
}

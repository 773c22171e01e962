package dev.pilotlight.batch.claim;

/// What comes of asking for a batch.
public sealed interface Claim {

  /// It is ours until the lease is closed.
  ///
  /// @param afterDeath whether the invocation before died while it worked on this version
  record Granted(Lease lease, boolean afterDeath) implements Claim {}

  /// This version has been answered.
  record Finished() implements Claim {}

  /// A newer version is there: this one is not to be answered any more.
  record Superseded() implements Claim {}

  /// Another environment works on this version, and was alive while we waited.
  record Held() implements Claim {}

  /// This version cannot be answered.
  record Failed(String reason) implements Claim {}

  /// There is no batch of that name.
  record Unknown() implements Claim {}
}

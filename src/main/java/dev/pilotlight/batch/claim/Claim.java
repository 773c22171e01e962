package dev.pilotlight.batch.claim;

/// The result of claiming a batch.
public sealed interface Claim {

  /// This invocation owns the batch until it closes the lease.
  ///
  /// @param afterDeath whether the last invocation died while it worked on this version
  record Granted(Lease lease, boolean afterDeath) implements Claim {}

  /// This version has been answered.
  record Finished() implements Claim {}

  /// A newer version exists, so this one is not answered any more.
  record Superseded() implements Claim {}

  /// Another environment works on this version, and was alive during the wait.
  record Held() implements Claim {}

  /// An execution of the state machine owns this version; events and other executions must not
  /// claim it.
  record FannedOut() implements Claim {}

  /// This version cannot be answered.
  record Failed(String reason) implements Claim {}

  /// No batch has that id.
  record Unknown() implements Claim {}
}

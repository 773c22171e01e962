package dev.pilotlight.limits;

import org.jspecify.annotations.Nullable;

/// The limits of the tenants of a plan.
///
/// @param rates of requests and tokens; null if neither is limited
/// @param quota of a month; null if nothing is limited
/// @param batches that run at once; [#ANY] if they are not limited
public record Plan(String name, @Nullable Rates rates, @Nullable Quota quota, int batches) {
  static final int ANY = Integer.MAX_VALUE;

  /// The limits of a tenant in a calendar month in UTC; [Long#MAX_VALUE] where it is not limited.
  ///
  /// @param nanoUsd of estimated cost, in billionths of a USD
  record Quota(long items, long tokens, long nanoUsd) {
    static final long NONE = Long.MAX_VALUE;
  }
}

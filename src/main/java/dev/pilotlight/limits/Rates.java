package dev.pilotlight.limits;

import dev.pilotlight.domain.limits.Standing;
import org.jspecify.annotations.Nullable;

/// The rates of a plan.
///
/// @param requests null if they are not limited
/// @param tokens null if they are not limited
record Rates(@Nullable Rate requests, @Nullable Rate tokens) {

  /// The answer to the question whether a request is admitted, or to a charge.
  ///
  /// @param limit which rate refuses the request; null if none does
  /// @param waitMicros after which time the request would be admitted; 0 if it is
  record Verdict(@Nullable Limit limit, long waitMicros, Standing standing) {}

  /// A limit of a plan that refuses a request.
  enum Limit {
    REQUESTS,
    TOKENS
  }

  /// The share that one of several environments has.
  Rates share(int environments) {
    return new Rates(
        requests == null ? null : requests.share(environments),
        tokens == null ? null : tokens.share(environments));
  }

  /// @param requestsAhead how far the caller is ahead of the rate of requests, in microseconds
  /// @param tokensAhead likewise for tokens
  Verdict verdict(
      @Nullable Limit limit, long waitMicros, double requestsAhead, double tokensAhead) {
    return new Verdict(
        limit,
        waitMicros,
        new Standing(
            requests == null ? null : requests.left(requestsAhead),
            tokens == null ? null : tokens.left(tokensAhead)));
  }
}

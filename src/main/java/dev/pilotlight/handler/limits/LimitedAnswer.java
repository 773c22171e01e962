package dev.pilotlight.handler.limits;

import dev.pilotlight.call.Doors;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.limits.Standing;
import dev.pilotlight.limits.Account;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.LimitHeaders;
import dev.pilotlight.protocol.http.ResponseHeaders;

/// Finishes the answer to a caller whose plan has rates.
public final class LimitedAnswer {
  private static final int TOO_MANY = 429;
  private static final String RETRY_MILLIS = "retry-after-ms";

  private LimitedAnswer() {}

  /// Adds the headers of the caller's rates. A request that failed before its rates were checked
  /// counts, too: if they do not admit it, it gets their refusal. A request that the month's quota
  /// refused does not count, and has no headers of rates.
  public static HttpResponse of(Account account, HttpResponse response, HttpRequest head) {
    HttpResponse answer = response;
    if (account.standing() == null && account.retryHelps()) {
      try {
        account.require();
      } catch (Refusal refusal) {
        answer = Doors.failed(refusal, head);
      }
    }
    Standing standing = account.standing();
    if (answer.status() == TOO_MANY) {
      answer = answer.with(ResponseHeaders.SHOULD_RETRY, Boolean.toString(account.retryHelps()));
      long micros = account.retryMicros();
      if (micros > 0) {
        answer = answer.with(RETRY_MILLIS, LimitHeaders.millis(micros));
      }
    }
    return standing == null ? answer : answer.with(LimitHeaders.of(standing));
  }
}

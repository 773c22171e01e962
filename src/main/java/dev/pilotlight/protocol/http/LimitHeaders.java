package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.limits.Standing;
import dev.pilotlight.domain.limits.Standing.Left;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The headers that show callers what they may still send: `RateLimit` and `RateLimit-Policy` of
/// draft-ietf-httpapi-ratelimit-headers-10, and OpenAI's `x-ratelimit-*`.
///
/// A policy's quota is the burst, and its window the time in which a burst that was used up
/// refills. Tokens have the unit `tokens`, which the draft's registry does not have.
public final class LimitHeaders {
  private static final int MICROS = 1_000_000;
  private static final int MICROS_PER_MILLI = 1_000;
  private static final int MILLIS = 1_000;
  private static final int MINUTE = 60;

  private LimitHeaders() {}

  /// The headers of an answer.
  public static Map<String, String> of(Standing standing) {
    Map<String, String> headers = new LinkedHashMap<>();
    StringBuilder policies = new StringBuilder();
    StringBuilder limits = new StringBuilder();
    add(headers, policies, limits, "requests", standing.requests());
    add(headers, policies, limits, "tokens", standing.tokens());
    headers.put("ratelimit-policy", policies.toString());
    headers.put("ratelimit", limits.toString());
    return headers;
  }

  /// The header that repeats `Retry-After` to the millisecond, for OpenAI's clients.
  public static String millis(long micros) {
    return Long.toString(Math.ceilDiv(micros, (long) MICROS_PER_MILLI));
  }

  private static void add(
      Map<String, String> headers,
      StringBuilder policies,
      StringBuilder limits,
      String unit,
      @Nullable Left left) {
    if (left == null) {
      return;
    }
    String comma = policies.isEmpty() ? "" : ", ";
    policies.append(comma).append('"').append(unit).append("\";q=").append(left.burst());
    policies.append(";w=").append(left.windowSeconds());
    if (!unit.equals("requests")) {
      policies.append(";qu=\"").append(unit).append('"');
    }
    limits.append(comma).append('"').append(unit).append("\";r=").append(left.remaining());
    limits.append(";t=").append(Math.ceilDiv(left.nextMicros(), (long) MICROS));
    headers.put("x-ratelimit-limit-" + unit, Long.toString(left.burst()));
    headers.put("x-ratelimit-remaining-" + unit, Long.toString(left.remaining()));
    headers.put("x-ratelimit-reset-" + unit, duration(left.resetMicros()));
  }

  /// As OpenAI writes them: `12ms`, `1.5s`, `6m0s`.
  static String duration(long micros) {
    long millis = Math.ceilDiv(micros, (long) MICROS_PER_MILLI);
    if (millis < MILLIS) {
      return millis + "ms";
    }
    long minutes = millis / MILLIS / MINUTE;
    long rest = millis - minutes * MINUTE * MILLIS;
    String seconds = Long.toString(rest / MILLIS);
    long fraction = rest % MILLIS;
    if (fraction > 0) {
      String digits = Long.toString(MILLIS + fraction);
      int end = digits.length();
      while (digits.charAt(end - 1) == '0') {
        end--;
      }
      seconds += "." + digits.substring(1, end);
    }
    return (minutes > 0 ? minutes + "m" : "") + seconds + "s";
  }
}

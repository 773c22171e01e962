package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.Timing;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The values of the headers that describe how an answer was made.
public final class ResponseHeaders {
  public static final String REQUEST_ID = "x-request-id";
  public static final String CACHE_STATUS = "cache-status";
  public static final String SERVER_TIMING = "server-timing";
  public static final String COST = "pilotlight-cost-usd";
  public static final String IGNORED = "pilotlight-ignored";

  /// The header of a request that may be repeated.
  public static final String IDEMPOTENCY_KEY = "idempotency-key";

  /// On the answer to a repeated request with an idempotency key.
  public static final String REPLAYED = "idempotent-replayed";

  /// Whether a retry helps, where the status suggests the contrary; OpenAI's clients obey it.
  public static final String SHOULD_RETRY = "x-should-retry";

  private static final String SANE_MARKS = "._:=/+@-";
  private static final int SANE_CHARS_MAX = 128;
  private static final Tier[] TIERS = Tier.values();
  private static final int IGNORED_BYTES_MAX = 256;
  private static final int IGNORED_NAME_BYTES_MAX = 100;
  private static final int NANOS_PER_MICRO = 1000;
  private static final int MICROS_PER_MILLI = 1000;

  private ResponseHeaders() {}

  /// The client's own request id if it is safe to echo and log, else the event's.
  public static String requestId(HttpRequest request) {
    return request.header(REQUEST_ID).filter(ResponseHeaders::isSane).orElse(request.requestId());
  }

  /// Whether a load balancer's trace id is safe to echo and log; it may have several parts.
  static boolean isSaneTrace(String trace) {
    return isSane(trace.replace(';', ':'));
  }

  /// Whether a text has 1 to 128 letters, digits and marks of ASCII.
  private static boolean isSane(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!Names.isLetterOrDigit(c) && SANE_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return !id.isEmpty() && id.length() <= SANE_CHARS_MAX;
  }

  /// `Cache-Status` (RFC 9211): one hit or miss for the whole request, and in `detail` the number
  /// of items by tier.
  ///
  /// @param stored whether the new results are now stored
  public static String cacheStatus(Collection<Answer> answers, CacheUse use, boolean stored) {
    EnumMap<Tier, Integer> counts = new EnumMap<>(Tier.class);
    answers.forEach(answer -> counts.merge(answer.tier(), 1, Integer::sum));
    int run = counts.getOrDefault(Tier.RUN, 0);
    if (use.reads() && run == 0) {
      return "pilotlight; hit; detail=\"" + hits(counts) + '"';
    }
    String kept = stored ? "; stored" : "";
    if (!use.reads()) {
      return "pilotlight; fwd=request" + kept;
    }
    return run == answers.size()
        ? "pilotlight; fwd=miss" + kept
        : "pilotlight; fwd=partial" + kept + "; detail=\"" + all(counts) + '"';
  }

  /// `Server-Timing`: each stage in milliseconds, to the microsecond.
  public static String serverTiming(List<Timing> timings) {
    StringBuilder header = new StringBuilder(timings.size() * 20);
    for (Timing timing : timings) {
      long micros = timing.nanos() / NANOS_PER_MICRO;
      String fraction = Long.toString(MICROS_PER_MILLI + micros % MICROS_PER_MILLI);
      header
          .append(header.isEmpty() ? "" : ", ")
          .append(timing.stage().wireName())
          .append(";dur=")
          .append(micros / MICROS_PER_MILLI)
          .append('.')
          .append(fraction, 1, fraction.length());
    }
    return header.toString();
  }

  /// The fields that were ignored: names joined by commas, in ASCII, everything else
  /// percent-encoded; long names and long lists are cut short, the latter with `+` and how many
  /// more there are.
  public static String ignored(List<String> names) {
    StringBuilder header = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      String name = (i == 0 ? "" : ", ") + ascii(names.get(i));
      String more = i + 1 == names.size() ? "" : ", +" + (names.size() - i - 1);
      if (header.length() + name.length() + more.length() > IGNORED_BYTES_MAX) {
        return header + ", +" + (names.size() - i);
      }
      header.append(name);
    }
    return header.toString();
  }

  private static String ascii(String name) {
    StringBuilder ascii = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > ' ' && b <= '~' && "%+,;\"\\".indexOf(b) < 0;
      ascii.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
      if (ascii.length() > IGNORED_NAME_BYTES_MAX) {
        return ascii.append("...").toString();
      }
    }
    return ascii.toString();
  }

  /// Only the tier's name if one tier had all items.
  private static String hits(Map<Tier, Integer> counts) {
    return counts.size() == 1
        ? counts.keySet().iterator().next().wireName()
        : all(counts).replace(" run=0", "");
  }

  private static String all(Map<Tier, Integer> counts) {
    StringBuilder detail = new StringBuilder();
    for (Tier tier : TIERS) {
      detail
          .append(detail.isEmpty() ? "" : " ")
          .append(tier.wireName())
          .append('=')
          .append(counts.getOrDefault(tier, 0));
    }
    return detail.toString();
  }
}

package dev.pilotlight.limits;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The plans by their names. One JSON document has them.
///
/// ```
/// {"free": {"requests_per_second": 5, "requests_burst": 10, "items_per_month": 100000},
///  "pro": {"tokens_per_second": 50000, "usd_per_month": 250}}
/// ```
///
/// A field that is absent is not limited; an unknown field, a field or plan named twice and a value
/// out of its range are errors.
public final class Plans {
  /// The plan of a tenant that has none.
  public static final String STANDARD = "free";

  private static final String REQUESTS = "requests_per_second";
  private static final String REQUESTS_BURST = "requests_burst";
  private static final String TOKENS = "tokens_per_second";
  private static final String TOKENS_BURST = "tokens_burst";
  private static final String ITEMS_MONTH = "items_per_month";
  private static final String TOKENS_MONTH = "tokens_per_month";
  private static final String USD_MONTH = "usd_per_month";
  private static final String BATCHES = "batches_at_once";
  private static final List<String> FIELDS =
      List.of(
          REQUESTS,
          REQUESTS_BURST,
          TOKENS,
          TOKENS_BURST,
          ITEMS_MONTH,
          TOKENS_MONTH,
          USD_MONTH,
          BATCHES);

  private static final BigDecimal RATE_MIN = new BigDecimal("0.001");
  private static final BigDecimal RATE_MAX = BigDecimal.valueOf(10_000_000);
  private static final BigDecimal BURST_MAX = BigDecimal.valueOf(1_000_000_000);
  private static final BigDecimal COUNT_MAX = BigDecimal.valueOf(1_000_000_000_000_000L);
  private static final BigDecimal BATCHES_MAX = BigDecimal.valueOf(1_000);
  private static final BigDecimal USD_MAX = BigDecimal.valueOf(1_000_000_000);
  private static final int NANOS = 9;
  private static final double BURST_SECONDS_MAX = 86_400;
  private static final int NAME_CHARS_MAX = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Map<String, Plan> plans;
  private final String source;

  private Plans(Map<String, Plan> plans, String source) {
    this.plans = plans;
    this.source = source;
  }

  /// Reads the plans.
  ///
  /// @param source where the document is from, for messages
  /// @throws IllegalArgumentException naming plan and field
  public static Plans read(byte[] json, String source) {
    try (JsonParser parser = JSON.createParser(json)) {
      Map<String, Plan> plans = new TreeMap<>();
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException(source + " is not a JSON object of plans");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        plans.put(name, plan(name, parser, source));
      }
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException(source + " has text after its JSON object");
      }
      if (plans.isEmpty()) {
        throw new IllegalArgumentException(source + " has no plan");
      }
      return new Plans(plans, source);
    } catch (IOException e) {
      throw new IllegalArgumentException(source + " is not valid JSON, or has a name twice", e);
    }
  }

  /// The plan of a name; null if there is none.
  ///
  /// @param name empty for a tenant without a plan, which has the plan `free`
  public @Nullable Plan of(String name) {
    return plans.get(name.isEmpty() ? STANDARD : name);
  }

  /// The names, for messages.
  public String names() {
    return String.join(", ", plans.keySet());
  }

  /// Where the plans are from, for messages.
  public String source() {
    return source;
  }

  private static Plan plan(String name, JsonParser parser, String source) throws IOException {
    if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
      throw new IllegalArgumentException(
          source + ": a plan's name has 1 to " + NAME_CHARS_MAX + " characters");
    }
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException(source + ": plan " + name + " is not a JSON object");
    }
    Fields fields = new Fields(source + ": " + name + ".", new HashMap<>());
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      fields.read(parser);
    }
    Rate requests = fields.rate(REQUESTS, REQUESTS_BURST);
    Rate tokens = fields.rate(TOKENS, TOKENS_BURST);
    return new Plan(
        name,
        requests == null && tokens == null ? null : new Rates(requests, tokens),
        fields.quota(),
        fields.batches());
  }

  /// The fields of one plan, all of them numbers.
  ///
  /// @param before stands before a field's name in messages
  private record Fields(String before, Map<String, BigDecimal> values) {

    void read(JsonParser parser) throws IOException {
      String field = parser.currentName();
      if (!FIELDS.contains(field)) {
        throw new IllegalArgumentException(
            before
                + field
                + " is not known; accepted: "
                + String.join(", ", new TreeSet<>(FIELDS)));
      }
      if (!parser.nextToken().isNumeric()) {
        throw wrong(field, "a number");
      }
      values.put(field, parser.getDecimalValue());
    }

    @Nullable Rate rate(String perSecond, String burst) {
      BigDecimal rate = ranged(perSecond, RATE_MIN, RATE_MAX, "0.001 to 10000000");
      BigDecimal most = ranged(burst, BigDecimal.ONE, BURST_MAX, "1 to 1000000000");
      if (rate == null) {
        if (most != null) {
          throw wrong(burst, perSecond + " next to it");
        }
        return null;
      }
      long units =
          most == null ? Math.max(1, (long) Math.ceil(rate.doubleValue())) : whole(burst, most);
      if (units / rate.doubleValue() > BURST_SECONDS_MAX) {
        throw wrong(burst, "at most what " + perSecond + " gives in a day");
      }
      return new Rate(rate.doubleValue(), units);
    }

    Plan.@Nullable Quota quota() {
      BigDecimal items = ranged(ITEMS_MONTH, BigDecimal.ZERO, COUNT_MAX, "0 to 10^15");
      BigDecimal tokens = ranged(TOKENS_MONTH, BigDecimal.ZERO, COUNT_MAX, "0 to 10^15");
      BigDecimal usd = ranged(USD_MONTH, BigDecimal.ZERO, USD_MAX, "0 to 1000000000");
      return items == null && tokens == null && usd == null
          ? null
          : new Plan.Quota(
              items == null ? Plan.Quota.NONE : whole(ITEMS_MONTH, items),
              tokens == null ? Plan.Quota.NONE : whole(TOKENS_MONTH, tokens),
              usd == null ? Plan.Quota.NONE : whole(USD_MONTH, usd.movePointRight(NANOS)));
    }

    int batches() {
      BigDecimal most = ranged(BATCHES, BigDecimal.ONE, BATCHES_MAX, "1 to 1000");
      return most == null ? Plan.ANY : Math.toIntExact(whole(BATCHES, most));
    }

    private @Nullable BigDecimal ranged(
        String field, BigDecimal min, BigDecimal max, String accepted) {
      BigDecimal value = values.get(field);
      if (value != null && (value.compareTo(min) < 0 || value.compareTo(max) > 0)) {
        throw wrong(field, accepted);
      }
      return value;
    }

    private long whole(String field, BigDecimal value) {
      try {
        return value.longValueExact();
      } catch (ArithmeticException e) {
        throw wrong(
            field, field.equals(USD_MONTH) ? "at most nine decimal places" : "a whole number");
      }
    }

    private IllegalArgumentException wrong(String field, String accepted) {
      BigDecimal value = values.get(field);
      return new IllegalArgumentException(
          before
              + field
              + (value == null ? "" : " is " + value.toPlainString())
              + "; accepted: "
              + accepted);
    }
  }
}

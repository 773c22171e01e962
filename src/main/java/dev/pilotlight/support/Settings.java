package dev.pilotlight.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Reads the settings of the environment, once, at start-up.
///
/// Every component reads its own in a record's `from(Settings)`; afterwards [#refuseUnknown()]
/// fails on any `PILOTLIGHT_…` variable that no component read: a typo is an error, not a silent
/// default. [#catalogue()] lists the settings read, and a test compares it with the documented
/// table.
public final class Settings {
  public static final String PREFIX = "PILOTLIGHT_";

  private static final String FUNCTION_MEGABYTES = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";

  /// One setting in the documentation.
  ///
  /// @param accepted the accepted values, with unit and range
  public record Entry(String name, String defaultValue, String accepted, String meaning) {}

  private final Map<String, String> environment;
  private final List<Entry> catalogue = new ArrayList<>();

  public Settings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// A setting, which one of the methods of [Setting] reads.
  ///
  /// @param name without the prefix, such as `STORE`
  /// @param meaning for the table of settings
  public Setting of(String name, String meaning) {
    return new Setting(name, meaning);
  }

  /// One setting, read as the type of its value; each method documents it in [#catalogue()].
  public final class Setting {
    private final String name;
    private final String meaning;

    private Setting(String name, String meaning) {
      this.name = name;
      this.meaning = meaning;
    }

    /// Any text, without the white space around it.
    public String text(String defaultValue, String accepted) {
      return raw(defaultValue, accepted).strip();
    }

    /// A secret, exactly as it is set: white space may be part of it. Empty if unset.
    public String secret() {
      return raw("", "any text");
    }

    /// A whole number.
    public int number(int defaultValue, int min, int max) {
      return (int) parse(defaultValue, min, max, "");
    }

    /// A number of bytes; the name ends in `_BYTES`, or has it before `_MAX` or `_MIN`.
    public long bytes(long defaultValue, long min, long max) {
      return parse(defaultValue, min, max, " bytes");
    }

    /// A duration in milliseconds; the name ends in `_MS`.
    public Duration millis(long defaultValue, long min, long max) {
      return Duration.ofMillis(parse(defaultValue, min, max, " ms"));
    }

    /// A duration in seconds; the name ends in `_SECONDS`.
    public Duration seconds(long defaultValue, long min, long max) {
      return Duration.ofSeconds(parse(defaultValue, min, max, " seconds"));
    }

    /// One of an enum's constants, set in lower case with hyphens.
    public <E extends Enum<E>> E oneOf(E defaultValue) {
      E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
      StringBuilder accepted = new StringBuilder();
      for (E constant : constants) {
        accepted.append(accepted.isEmpty() ? "" : ", ").append(hyphenated(constant));
      }
      String value = text(hyphenated(defaultValue), accepted.toString());
      for (E constant : constants) {
        if (hyphenated(constant).equals(value)) {
          return constant;
        }
      }
      throw wrong(name, value, "one of " + accepted);
    }

    /// Whether the environment has the setting.
    public boolean isSet() {
      return environment.containsKey(PREFIX + name);
    }

    private String raw(String defaultValue, String accepted) {
      catalogue.add(new Entry(PREFIX + name, defaultValue, accepted, meaning));
      return environment.getOrDefault(PREFIX + name, defaultValue);
    }

    private long parse(long defaultValue, long min, long max, String unit) {
      String accepted = min + "–" + max + unit;
      String value = text(Long.toString(defaultValue), accepted);
      try {
        long number = Long.parseLong(value);
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // refused below, with the accepted range
      }
      throw wrong(name, value, accepted);
    }
  }

  /// The memory of the Lambda function; empty outside Lambda.
  public OptionalLong functionBytes() {
    String megabytes = environment.getOrDefault(FUNCTION_MEGABYTES, "");
    return megabytes.matches("[1-9]\\d{0,8}")
        ? OptionalLong.of(Long.parseLong(megabytes) << 20)
        : OptionalLong.empty();
  }

  /// Fails if the environment has a setting of an earlier release.
  ///
  /// @param name without the prefix
  /// @param instead the setting that replaces it
  public void refuseReplaced(String name, String instead) {
    if (environment.containsKey(PREFIX + name)) {
      throw new IllegalArgumentException(
          PREFIX + name + " is no longer a setting; set " + instead + " instead");
    }
  }

  /// Fails if the environment has a `PILOTLIGHT_…` variable that no component has read.
  public void refuseUnknown() {
    TreeSet<String> unknown = new TreeSet<>(environment.keySet());
    unknown.removeIf(name -> !name.startsWith(PREFIX));
    catalogue.forEach(entry -> unknown.remove(entry.name()));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown settings: %s; known are %s"
              .formatted(
                  String.join(", ", unknown),
                  catalogue.stream().map(Entry::name).sorted().collect(Collectors.joining(", "))));
    }
  }

  /// Returns every setting read so far, in reading order.
  public List<Entry> catalogue() {
    return List.copyOf(catalogue);
  }

  /// Makes the error for an invalid value.
  public static IllegalArgumentException wrong(String name, String value, String accepted) {
    return new IllegalArgumentException(
        "%s%s is '%s'; accepted: %s".formatted(PREFIX, name, value, accepted));
  }

  private static String hyphenated(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package dev.pilotlight.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Reads the settings of the environment, once, at start-up.
///
/// Every component reads its own in a record's `from(Settings)`; afterwards [#refuseUnknown()]
/// fails on any `PILOTLIGHT_…` variable that nobody asked for, so that a typo is an error and not a
/// silent default. [#catalogue()] keeps what was read; a test compares docs/reference/settings.md
/// with it.
public final class Settings {
  public static final String PREFIX = "PILOTLIGHT_";

  private static final String FUNCTION_MEGABYTES = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";

  /// One setting as documented.
  ///
  /// @param accepted what values it takes, with unit and range
  public record Entry(String name, String defaultValue, String accepted, String meaning) {}

  private final Map<String, String> environment;
  private final List<Entry> catalogue = new ArrayList<>();

  public Settings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// Any text, without the white space around it.
  ///
  /// @param name without the prefix, such as `STORE`
  public String text(String name, String defaultValue, String accepted, String meaning) {
    catalogue.add(new Entry(PREFIX + name, defaultValue, accepted, meaning));
    return environment.getOrDefault(PREFIX + name, defaultValue).strip();
  }

  /// A secret, exactly as it is set: white space may be part of it. Empty if unset.
  public String secret(String name, String meaning) {
    catalogue.add(new Entry(PREFIX + name, "", "any text", meaning));
    return environment.getOrDefault(PREFIX + name, "");
  }

  public long number(String name, long defaultValue, long min, long max, String meaning) {
    return parse(name, Long.toString(defaultValue), min, max, "", meaning);
  }

  /// A number of bytes.
  ///
  /// @param name ends in `_BYTES`
  public long bytes(String name, long defaultValue, long min, long max, String meaning) {
    return parse(name, Long.toString(defaultValue), min, max, " bytes", meaning);
  }

  /// A duration in milliseconds.
  ///
  /// @param name ends in `_MS`
  public Duration millis(String name, long defaultValue, long min, long max, String meaning) {
    return Duration.ofMillis(parse(name, Long.toString(defaultValue), min, max, " ms", meaning));
  }

  /// A duration in seconds.
  ///
  /// @param name ends in `_SECONDS`
  public Duration seconds(String name, long defaultValue, long min, long max, String meaning) {
    return Duration.ofSeconds(
        parse(name, Long.toString(defaultValue), min, max, " seconds", meaning));
  }

  /// One of an enum's constants, written in lower case with hyphens.
  public <E extends Enum<E>> E oneOf(String name, E defaultValue, String meaning) {
    E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
    String accepted =
        Arrays.stream(constants).map(Settings::written).collect(Collectors.joining(", "));
    String value = text(name, written(defaultValue), accepted, meaning);
    return Arrays.stream(constants)
        .filter(constant -> written(constant).equals(value))
        .findFirst()
        .orElseThrow(() -> wrong(name, value, "one of " + accepted));
  }

  /// The memory that Lambda gives the function; empty elsewhere.
  public OptionalLong functionBytes() {
    String megabytes = environment.getOrDefault(FUNCTION_MEGABYTES, "");
    return megabytes.matches("[1-9]\\d{0,8}")
        ? OptionalLong.of(Long.parseLong(megabytes) << 20)
        : OptionalLong.empty();
  }

  /// Fails if the environment has a setting of an earlier release.
  ///
  /// @param name without the prefix
  /// @param instead what to set now
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

  /// Every setting read so far, in reading order.
  public List<Entry> catalogue() {
    return List.copyOf(catalogue);
  }

  /// The error for a value that a component's own check refuses.
  public static IllegalArgumentException wrong(String name, String value, String accepted) {
    return new IllegalArgumentException(
        "%s%s is '%s'; accepted: %s".formatted(PREFIX, name, value, accepted));
  }

  private long parse(
      String name, String defaultValue, long min, long max, String unit, String meaning) {
    String accepted = min + "–" + max + unit;
    String value = text(name, defaultValue, accepted, meaning);
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below, with what is accepted
    }
    throw wrong(name, value, accepted);
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

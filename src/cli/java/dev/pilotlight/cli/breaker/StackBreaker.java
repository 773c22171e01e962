package dev.pilotlight.cli.breaker;

import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.aws.XmlRows;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The breaker of a deployed stack: what it closes, and the alarm that closes it.
///
/// @param facts the stack's parameters and outputs by name
public record StackBreaker(Gate gate, Region region, Map<String, String> facts) {
  /// The state of an alarm that is on.
  public static final String ON = "ALARM";

  private static final String ALARM = "BreakerAlarmName";

  /// `arn:aws:lambda:<region>:<account>:function:<name>:live`
  private static final int ARN_PARTS = 8;

  private static final int ARN_NAME = 6;

  /// Reads a stack.
  ///
  /// @throws Refused also if it is not one of Pilotlight
  public static StackBreaker of(AwsCalls calls, String region, String stack) throws Refused {
    Region here = new Region(calls, region);
    XmlRows answer =
        here.query("cloudformation", "2010-05-15", "DescribeStacks", "StackName", stack);
    Map<String, String> facts = new HashMap<>();
    for (String kind : List.of("Parameter", "Output")) {
      for (Map<String, String> row : answer.members(kind + "s")) {
        facts.put(row.getOrDefault(kind + "Key", ""), row.getOrDefault(kind + "Value", ""));
      }
    }
    Facts known = new Facts(stack, facts);
    // stacks of earlier releases have an API and not this parameter
    Gate gate =
        facts.getOrDefault("Door", "api").equals("url")
            ? new UrlFunction(
                here,
                known.function(),
                known.number("ReservedConcurrency").intValue(),
                known.text("StartMode").equals("provisioned"))
            : new Stage(
                here,
                known.text("ApiId"),
                known.number("ThrottleRate"),
                known.number("ThrottleBurst"));
    return new StackBreaker(gate, here, facts);
  }

  /// Reads what a stack must have.
  private record Facts(String stack, Map<String, String> all) {
    String text(String name) throws Refused {
      String found = all.get(name);
      if (found == null) {
        throw new Refused("the stack %s has no %s".formatted(stack, name));
      }
      return found;
    }

    BigDecimal number(String name) throws Refused {
      try {
        return new BigDecimal(text(name));
      } catch (NumberFormatException e) {
        throw new Refused(
            "%s of the stack %s is %s, not a number".formatted(name, stack, all.get(name)));
      }
    }

    String function() throws Refused {
      String alias = text("ApiAlias");
      String[] parts = alias.split(":", -1);
      if (parts.length != ARN_PARTS) {
        throw new Refused("ApiAlias of the stack %s is %s, not an alias".formatted(stack, alias));
      }
      return parts[ARN_NAME];
    }
  }

  /// Such as `ALARM`; empty if the stack has no breaker.
  public Optional<String> alarm() throws Refused {
    String name = facts.get(ALARM);
    if (name == null) {
      return Optional.empty();
    }
    XmlRows answer =
        region.query("monitoring", "2010-08-01", "DescribeAlarms", "AlarmNames.member.1", name);
    return Optional.of(
        answer.members("MetricAlarms").stream()
            .map(alarm -> alarm.getOrDefault("StateValue", ""))
            .findFirst()
            .orElseThrow(() -> new Refused("monitoring: there is no alarm " + name)));
  }

  /// Whether the alarm is on: the breaker acts only when it goes on.
  public boolean isOn() throws Refused {
    return alarm().filter(ON::equals).isPresent();
  }

  /// Closes the API again after the alarm went on while it was opened: the breaker may have acted
  /// before.
  ///
  /// @throws Refused if the alarm is on, with what became of the API
  public void closeIfOn() throws Refused {
    boolean on;
    try {
      on = isOn();
    } catch (Refused e) {
      throw new Refused("the API is open, but the alarm cannot be read: " + e.getMessage());
    }
    if (!on) {
      return;
    }
    try {
      if (!gate.state().isClosed()) {
        gate.close();
      }
    } catch (Refused e) {
      throw new Refused(
          "the alarm went on while the API was opened, and it cannot be closed again: "
              + e.getMessage());
    }
    throw new Refused(
        "the alarm went on while the API was opened: the API is closed again, because nothing else"
            + " might close it; --now opens it without a breaker");
  }

  /// The limit of an hour's cost.
  public String usdPerHour() {
    return facts.getOrDefault("BreakerUsdPerHour", "0");
  }
}

package dev.pilotlight.cli.tune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A scope of systemd with a quota of processor time. systemd removes it when its process ends.
///
/// @param user whether the user's own systemd makes it
record SystemdScope(boolean user) implements CpuLimit {
  private static final double PERCENT = 100;
  private static final List<String> BUS = List.of("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS");

  @Override
  public String description() {
    return "scope of systemd%s, CPUQuota of memory / %d vCPU"
        .formatted(user ? " (--user)" : "", Sizes.ONE_CPU_MB);
  }

  @Override
  public boolean supports(int memoryMb) {
    return true;
  }

  @Override
  public List<String> wrap(int memoryMb, List<String> command) {
    String percent = String.format(Locale.ROOT, "%.1f%%", Sizes.vcpus(memoryMb) * PERCENT);
    List<String> wrapped =
        new ArrayList<>(
            List.of("systemd-run", "--scope", "--quiet", "--collect", "--no-ask-password"));
    if (user) {
      wrapped.add("--user");
    }
    wrapped.addAll(List.of("-p", "CPUQuota=" + percent, "-p", "CPUQuotaPeriodSec=20ms", "--"));
    wrapped.addAll(command);
    return wrapped;
  }

  @Override
  public Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    for (String name : BUS) {
      String value = System.getenv(name);
      if (value != null) {
        variables.put(name, value);
      }
    }
    return variables;
  }
}

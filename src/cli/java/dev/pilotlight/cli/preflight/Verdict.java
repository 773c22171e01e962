package dev.pilotlight.cli.preflight;

import dev.pilotlight.cli.preflight.Finding.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Whether a preset will deploy.
public record Verdict(Preset preset, Optional<String> region, List<Finding> findings) {
  public Verdict {
    findings = List.copyOf(findings);
  }

  /// An account, asked in a region.
  ///
  /// @param region absent if none is known
  public record InRegion(Optional<String> region, Account account) {}

  /// The verdicts on presets; each region is asked once.
  ///
  /// @param ask gets the region of a preset
  public static List<Verdict> all(
      List<Preset> presets, Optional<FunctionZip> zip, Function<Optional<String>, InRegion> ask)
      throws Malformed {
    Map<Optional<String>, InRegion> asked = new HashMap<>();
    List<Verdict> verdicts = new ArrayList<>();
    for (Preset preset : presets) {
      InRegion here = asked.computeIfAbsent(preset.region(), ask);
      Checks checks = new Checks(preset, zip, here.account(), here.region());
      verdicts.add(new Verdict(preset, here.region(), checks.findings()));
    }
    return verdicts;
  }

  public boolean has(Status status) {
    return findings.stream().anyMatch(finding -> finding.status() == status);
  }

  /// One sentence for people.
  public String summary() {
    if (has(Status.FAILS)) {
      return "will not deploy";
    }
    return has(Status.UNKNOWN) ? "may deploy: not everything could be asked" : "will deploy";
  }
}

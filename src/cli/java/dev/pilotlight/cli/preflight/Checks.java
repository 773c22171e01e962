package dev.pilotlight.cli.preflight;

import dev.pilotlight.cli.aws.Asked;
import dev.pilotlight.cli.preflight.Account.LambdaLimits;
import dev.pilotlight.cli.preflight.Finding.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Compares what a preset needs with the package and the account.
final class Checks {
  /// Lambda's limit for new accounts.
  private static final int NEW_ACCOUNT_MB = 3008;

  /// Accounts with fewer concurrent environments have the quotas of a new one.
  private static final int USUAL_CONCURRENCY = 1000;

  /// Lambda keeps so many for functions that reserve none.
  private static final long UNRESERVED_MIN = 100;

  /// Both functions, each in two versions while a deployment shifts traffic.
  private static final int PACKAGES = 4;

  private static final int ZONES = 2;
  private static final String US_EAST_1 = "us-east-1";

  /// The zones that the template chooses there, because ElastiCache is not in every one.
  private static final List<String> ZONES_US_EAST_1 = List.of("use1-az4", "use1-az6");

  private final Preset preset;
  private final Optional<FunctionZip> zip;
  private final Account account;
  private final Optional<String> region;

  Checks(Preset preset, Optional<FunctionZip> zip, Account account, Optional<String> region) {
    this.preset = preset;
    this.zip = zip;
    this.account = account;
    this.region = region;
  }

  /// All findings, in the order of a deployment.
  List<Finding> findings() throws Malformed {
    List<Finding> findings = new ArrayList<>();
    findings.add(packaged());
    findings.add(codeStorage());
    findings.add(concurrency());
    findings.add(batches());
    findings.add(memory());
    if (preset.is("Alarms", "all")) {
      findings.add(address());
    }
    if (preset.is("Cache", "create")) {
      findings.add(zones());
    }
    if (preset.is("CostAnomalyMonitor", "true")) {
      findings.add(costMonitor());
    }
    if (preset.number("MonthlyBudget") > 0) {
      findings.add(budget());
    }
    return findings;
  }

  private Finding packaged() {
    if (zip.isEmpty()) {
      return new Finding(Status.FAILS, "package", "there is none; mvn package makes it");
    }
    FunctionZip found = zip.get();
    String wanted = preset.value("Architecture");
    String has = String.join(" and ", found.architectures());
    String what = found.file() + " is for " + (has.isEmpty() ? "any processor" : has);
    if (!found.architectures().isEmpty() && !found.architectures().equals(Set.of(wanted))) {
      return new Finding(
          Status.FAILS,
          "package",
          "%s; Architecture is %s: build with -Dpilotlight.architecture=%s"
              .formatted(what, wanted, wanted));
    }
    if (preset.is("Runtime", "provided.al2023") && !found.ownRuntime()) {
      return new Finding(
          Status.FAILS,
          "package",
          "%s has no bootstrap, which Runtime provided.al2023 starts: build it on Linux, or set"
                  .formatted(found.file())
              + " Runtime=java25");
    }
    return new Finding(Status.OK, "package", what + ", " + megabytes(found.bytes()));
  }

  private Finding codeStorage() {
    return ask(
        "code storage",
        account.lambda(),
        limits -> {
          if (zip.isEmpty()) {
            return new Finding(Status.UNKNOWN, "code storage", "without a package");
          }
          FunctionZip found = zip.get();
          if (found.unpackedBytes() > limits.unpackedBytes()) {
            return new Finding(
                Status.FAILS,
                "code storage",
                "the package has %s unpacked; Lambda takes %s: move models to the bucket"
                    .formatted(
                        megabytes(found.unpackedBytes()), megabytes(limits.unpackedBytes())));
          }
          long needed = PACKAGES * found.bytes();
          long left = limits.codeBytes() - limits.codeUsed();
          String has = megabytes(left) + " left";
          return left >= needed
              ? new Finding(Status.OK, "code storage", has)
              : new Finding(
                  Status.FAILS,
                  "code storage",
                  ("%s; a deployment needs %s: delete old versions, or raise Function and layer"
                          + " storage")
                      .formatted(has, megabytes(needed)));
        });
  }

  /// Provisioned and reserved environments must leave 100 to other functions.
  private Finding concurrency() throws Malformed {
    int reserved = reserved();
    return ask(
        "concurrency",
        account.lambda(),
        limits -> {
          if (reserved == 0) {
            return new Finding(
                Status.OK, "concurrency", limits.concurrent() + " environments at the same time");
          }
          long needed = reserved + UNRESERVED_MIN;
          return limits.unreserved() >= needed
              ? new Finding(
                  Status.OK,
                  "concurrency",
                  "%d not reserved; %d are to be kept".formatted(limits.unreserved(), reserved))
              : new Finding(Status.FAILS, "concurrency", tooFew(limits, reserved, needed));
        });
  }

  private static String tooFew(LambdaLimits limits, int reserved, long needed) {
    long missing = needed - limits.unreserved();
    return ("%d of %d not reserved; %d are to be kept and Lambda leaves %d to others: raise"
            + " Lambda's Concurrent executions (L-B99A9384) in Service Quotas to %d")
        .formatted(
            limits.unreserved(),
            limits.concurrent(),
            reserved,
            UNRESERVED_MIN,
            limits.concurrent() + missing);
  }

  private Finding batches() throws Malformed {
    int reserved = reserved();
    BatchShare share = BatchShare.of(preset);
    return ask(
        "batches", account.lambda(), limits -> share.judge(limits, reserved, UNRESERVED_MIN));
  }

  private int reserved() throws Malformed {
    double api = preset.number("ReservedConcurrency");
    double batch = preset.number("BatchReservedConcurrency");
    double provisioned =
        preset.is("StartMode", "provisioned") ? preset.number("ProvisionedMax") : 0;
    return (int) (Math.max(0, batch) + (api >= 0 ? api : provisioned));
  }

  private Finding memory() throws Malformed {
    int needed = (int) Math.max(preset.number("MemorySize"), preset.number("BatchMemorySize"));
    if (needed <= NEW_ACCOUNT_MB) {
      return new Finding(Status.OK, "memory", "%d MB, which every account has".formatted(needed));
    }
    return ask(
        "memory",
        account.memoryMb(),
        memory -> {
          long quota = memory.quotaMb().orElse(memory.largestMb());
          if (quota >= needed || memory.largestMb() > NEW_ACCOUNT_MB) {
            return new Finding(Status.OK, "memory", "%d MB".formatted(needed));
          }
          boolean isNew =
              memory.quotaMb().isPresent()
                  || (account.lambda() instanceof Asked.Known<LambdaLimits>(LambdaLimits limits)
                      && limits.concurrent() < USUAL_CONCURRENCY);
          return isNew
              ? new Finding(
                  Status.FAILS,
                  "memory",
                  ("%d MB; an account with reduced quotas has %d: deploy BatchMemorySize=%d, or ask"
                          + " AWS Support to raise Function memory maximum")
                      .formatted(needed, NEW_ACCOUNT_MB, NEW_ACCOUNT_MB))
              : new Finding(
                  Status.NOTE,
                  "memory",
                  "%d MB; AWS has no call for this limit, and no function of the region has over %d"
                      .formatted(needed, NEW_ACCOUNT_MB));
        });
  }

  /// A rule of the template refuses all alarms without an address.
  private Finding address() {
    String address = preset.value("AlertEmail");
    return address.isEmpty()
        ? new Finding(Status.FAILS, "alerts", "Alarms is all and AlertEmail is empty: set it")
        : new Finding(Status.OK, "alerts", "to " + address);
  }

  private Finding zones() {
    return ask(
        "zones",
        account.zones(),
        zones -> {
          boolean chosen = !preset.is("ZoneA", "");
          boolean byId = !chosen && region.equals(Optional.of(US_EAST_1));
          List<String> wanted =
              byId ? ZONES_US_EAST_1 : zones.subList(0, Math.min(ZONES, zones.size()));
          if (wanted.size() < ZONES || !zones.containsAll(wanted)) {
            return new Finding(
                Status.FAILS,
                "zones",
                "the cache needs two; available: %s: set ZoneA and ZoneB, or Cache=none"
                    .formatted(String.join(", ", zones)));
          }
          String used =
              chosen
                  ? preset.value("ZoneA") + " and " + preset.value("ZoneB")
                  : String.join(" and ", wanted);
          return new Finding(
              byId ? Status.OK : Status.NOTE,
              "zones",
              byId
                  ? used
                  : used
                      + "; AWS has no call for the zones of serverless caches: if the cache fails,"
                      + " set ZoneA and ZoneB");
        });
  }

  private Finding costMonitor() {
    return ask(
        "cost anomalies",
        account.costMonitor(),
        exists ->
            exists
                ? new Finding(
                    Status.FAILS,
                    "cost anomalies",
                    "the account has the one monitor of all services that it may have: set"
                        + " CostAnomalyMonitor=false")
                : new Finding(Status.OK, "cost anomalies", "no monitor of all services yet"));
  }

  private Finding budget() {
    return ask("budget", account.budgets(), _ -> new Finding(Status.OK, "budget", "may be read"));
  }

  private static <T> Finding ask(String what, Asked<T> asked, Function<T, Finding> judge) {
    return switch (asked) {
      case Asked.Known<T>(T value) -> judge.apply(value);
      case Asked.Unknown<T>(String reason) -> new Finding(Status.UNKNOWN, what, reason);
    };
  }

  private static String megabytes(long bytes) {
    return "%d MB".formatted(bytes >> 20);
  }
}

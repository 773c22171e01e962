package dev.pilotlight.cli;

import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.batches.BatchForms;
import dev.pilotlight.cli.batches.BatchList;
import dev.pilotlight.cli.batches.BatchRow;
import dev.pilotlight.cli.batches.BatchState;
import dev.pilotlight.cli.batches.JsonValues;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.support.json.JsonBytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pilotlight batches list|watch|show|cancel|retry`: the batches of a stack.
@Command(
    name = "batches",
    description = {
      "Lists, watches, shows, cancels and retries batches, including objects that were put into S3"
          + " directly.",
      "",
      "It lists the objects of the bucket In (1,000 objects a call; 1,000 calls cost about 0.005"
          + " USD). For each batch that it prints, it reads two items of the results table and up"
          + " to two small objects of the bucket Out (about 0.000001 USD), and for a batch in"
          + " shards an item for each shard. It scans no table; --prefix shortens the list.",
      "",
      "States: queued, running, waiting, in-shards, stalled, failing, cancelling; done, cancelled,"
          + " failed.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    synopsisSubcommandLabel = "(list | watch | show | cancel | retry)",
    footerHeading = "%nExamples:%n",
    footer = {
      "  pilotlight batches list --stack pilotlight --state failed",
      "  pilotlight batches watch --local",
      "  pilotlight batches retry reviews.jsonl --stack pilotlight"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      "1:Failed: there is no such object, the batch cannot be cancelled or retried, or AWS refused"
          + " a call; for watch also: a batch ended in another state than done.",
      "2:The command line is wrong."
    })
final class Batches extends OnClients implements Runnable {
  private static final String KEY = "The object's key in the bucket In.";
  private static final String PREFIX = "Only objects whose keys begin with this text.";
  private static final String TENANT = "Only this tenant's batches: those in its folder.";
  private static final int LIMIT_MAX = 100_000;

  private final Terminal terminal;

  Batches(Terminal terminal, Supplier<Aws> aws) {
    super(aws);
    this.terminal = terminal;
  }

  /// Runs when no command is given.
  @Override
  public void run() {
    throw usage("Missing command");
  }

  @Override
  boolean needsKeys() {
    return false;
  }

  @Command(name = "list", description = "Lists batches, newest first.")
  int list(
      @Option(names = "--tenant", paramLabel = "TENANT", description = TENANT)
          @Nullable String tenant,
      @Option(names = "--prefix", paramLabel = "TEXT", description = PREFIX)
          @Nullable String prefix,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description =
                  "Only batches in this state; repeatable. It reads batches, newest first, until it"
                      + " has found --limit of them.")
          @Nullable List<String> states,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description = "Maximum number of batches; default: ${DEFAULT-VALUE}.")
          int limit) {
    Set<BatchState> only = states(states == null ? List.of() : states);
    if (limit < 1 || limit > LIMIT_MAX) {
      throw usage("--limit is %d; accepted: 1 to %d".formatted(limit, LIMIT_MAX));
    }
    requireTenant(tenant);
    return with(
        place -> {
          BatchList.Found found;
          try (var _ = Progress.start(out(), terminal, "reading batches", Progress.FIRST_AFTER)) {
            found = new BatchList(place).find(prefix(place, tenant, prefix), only, limit);
          }
          print(found.rows());
          if (found.unread() > 0) {
            note(
                "not checked: %d older objects; raise --limit to see more"
                    .formatted(found.unread()));
          }
        });
  }

  private void print(List<BatchRow> rows) {
    Instant now = Instant.now();
    if (json()) {
      JsonBytes array = new JsonBytes().array();
      rows.forEach(row -> BatchForms.write(array, row, now));
      print(array.endArray());
      return;
    }
    if (!rows.isEmpty()) {
      print(terminal.faint(BatchForms.header()));
    }
    rows.forEach(row -> print(Texts.oneLine(BatchForms.line(row, now))));
  }

  @Command(
      name = "watch",
      description =
          "Shows progress until every batch has ended. Without KEY it watches the batches that are"
              + " active now; it does not pick up later ones.")
  int watch(
      @Parameters(paramLabel = "KEY", arity = "0..*", description = KEY)
          @Nullable List<String> keys,
      @Option(names = "--tenant", paramLabel = "TENANT", description = TENANT)
          @Nullable String tenant,
      @Option(names = "--prefix", paramLabel = "TEXT", description = PREFIX)
          @Nullable String prefix,
      @Option(
              names = "--every",
              paramLabel = "TIME",
              defaultValue = "2s",
              description = "Time between two reads; default: ${DEFAULT-VALUE}.")
          String every) {
    List<String> given = keys == null ? List.of() : keys;
    boolean named = !given.isEmpty();
    if (named && (tenant != null || prefix != null)) {
      throw usage("KEY excludes --tenant and --prefix");
    }
    requireTenant(tenant);
    Duration pause = duration("--every", every);
    AtomicBoolean done = new AtomicBoolean(true);
    int exit =
        with(
            place -> {
              BatchList batches = new BatchList(place);
              List<String> watched = named ? given : active(batches, prefix(place, tenant, prefix));
              if (watched.isEmpty()) {
                note("no batch is active");
                return;
              }
              for (String key : given) {
                var _ = batches.show(key); // throws Refused if there is no such object
              }
              done.set(new BatchesWatch(out(), terminal, json(), pause).watch(batches, watched));
            });
    return exit == 0 && !done.get() ? 1 : exit;
  }

  private static List<String> active(BatchList batches, String prefix) throws Refused {
    return batches.find(prefix, BatchState.activeStates(), LIMIT_MAX).rows().stream()
        .map(BatchRow::key)
        .toList();
  }

  @Command(
      name = "show",
      description = "Shows a batch with its summary, or the reason of its last failure.")
  int show(@Parameters(paramLabel = "KEY", description = KEY) String key) {
    return with(
        place -> {
          BatchList.Detail detail = new BatchList(place).show(key);
          if (json()) {
            JsonBytes json = new JsonBytes().object().name("batch");
            BatchForms.write(json, detail.row(), Instant.now());
            write(json.name("summary"), detail.summary());
            write(json.name("failure"), detail.failed());
            print(json.endObject());
            return;
          }
          print(List.of(detail.row()));
          detail.summary().ifPresent(file -> show("", file));
          detail.failed().ifPresent(file -> show("", file));
        });
  }

  private static void write(JsonBytes json, Optional<JsonFile> file) {
    if (file.isEmpty()) {
      json.literal("null");
    } else {
      JsonValues.write(json, file.get().root());
    }
  }

  /// Prints the values of a file, one per line.
  private void show(String indent, JsonFile file) {
    for (String name : file.keys()) {
      Object value = file.value(name).orElse("");
      if (value instanceof Map<?, ?>) {
        print("%s  %s".formatted(indent, name));
        show(indent + "  ", file.nested(name));
      } else if (!value.equals("")) {
        print(Texts.oneLine("%s  %-20s %s".formatted(indent, name, JsonValues.text(value))));
      }
    }
  }

  @Command(
      name = "cancel",
      description =
          "Cancels a batch: the function ends it within seconds and keeps the answers so far.")
  int cancel(@Parameters(paramLabel = "KEY", description = KEY) String key) {
    return with(
        place -> {
          new BatchList(place).cancel(key);
          changed(key, "cancelling", "cancelling %s; its answers so far are kept".formatted(key));
        });
  }

  @Command(
      name = "retry",
      description =
          "Runs a batch again: copies the object onto itself with its metadata, which creates a new"
              + " version.")
  int retry(
      @Parameters(paramLabel = "KEY", description = KEY) String key,
      @Option(names = "--again", description = "Also when the batch is done.") boolean again) {
    return with(
        place -> {
          new BatchList(place).retry(key, again);
          changed(key, "queued", key + " is queued again");
        });
  }

  private void changed(String key, String state, String text) {
    if (json()) {
      print(new JsonBytes().object().field("key", key).field("state", state).endObject());
    } else {
      print(Texts.oneLine(text));
    }
  }

  private Set<BatchState> states(List<String> names) {
    List<BatchState> states = new ArrayList<>();
    for (String name : names) {
      states.add(
          BatchState.of(name)
              .orElseThrow(
                  () ->
                      usage(
                          "--state is '%s'; accepted: %s"
                              .formatted(name, String.join(", ", BatchState.wireNames())))));
    }
    return Set.copyOf(states);
  }

  private void requireTenant(@Nullable String tenant) {
    if (tenant != null) {
      requireTenantName(tenant);
    }
  }

  /// With `--local`, the first folder always names the tenant, because the command cannot read the
  /// template.
  private String prefix(Place place, @Nullable String tenant, @Nullable String prefix)
      throws Refused {
    String rest = prefix == null ? "" : prefix;
    if (tenant == null) {
      return rest;
    }
    if (!place.folders() && !local()) {
      throw new Refused(
          "the stack's batches have no tenants: BatchTenantFrom is not folder; leave out --tenant");
    }
    String folder = tenant + "/";
    return rest.startsWith(folder) ? rest : folder + rest;
  }
}

package dev.pilotlight.cli;

import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.EdgeKeys;
import dev.pilotlight.cli.clients.Erasure;
import dev.pilotlight.cli.clients.Item;
import dev.pilotlight.cli.clients.KeyRows;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.cli.clients.TenantRows;
import dev.pilotlight.support.json.JsonBytes;
import java.io.Console;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pilotlight tenants create|list|show|delete`: the tenants of a stack with API keys.
@Command(
    name = "tenants",
    description = {"Makes, lists, shows and deletes the tenants of a stack with API keys.", ""},
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    synopsisSubcommandLabel = "(create | list | show | delete)",
    footerHeading = "%nExamples:%n",
    footer = {
      "  pilotlight tenants create ada --stack pilotlight --plan pro",
      "  pilotlight tenants delete ada --stack pilotlight"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      "1:Not done: the tenant exists, or there is none, or AWS refused a call; a deletion goes on"
          + " when it is called again.",
      "2:The command line is wrong."
    })
final class Tenants extends OnClients implements Runnable {
  /// The data that an erasure cannot reach, and until when it is there. The days are the template's
  /// expiry, plus the days that S3 keeps the earlier version, plus one because S3 applies rules
  /// once a day.
  private static final List<String> KEPT =
      List.of(
          "results in Redis and in the memory of environments, which no request finds: until their"
              + " time to live ends",
          "large answers in S3 without an item, whose write failed or whose item has expired; no"
              + " request finds them: 33 days, those kept for an idempotency-key 4 days",
          "answers in CloudFront's cache (Edge=on): up to EdgeSeconds, at most a day",
          "point-in-time backups of both tables: 35 days; on-demand backups: until you delete them",
          "earlier versions of objects that a replication copied: until you delete them",
          "counters that environments had not written yet: up to some hours, for invoices only",
          "results and answers of a batch that ran during the deletion: delete the tenant once more"
              + " after 15 minutes",
          "files whose signed URL was used after their rows were erased: delete the tenant again"
              + " after an hour, or 39 days; parts of files that were being joined: 10 days",
          "log lines with the tenant's name: until the retention of the log groups ends",
          "the tenant's name and generation, so that a new tenant of the name finds nothing");

  /// Additional items kept when batches belong to the stack.
  private static final List<String> KEPT_OF_STACK =
      List.of(
          "objects of batches that were put into S3, which belong to the stack with BatchTenantFrom"
              + " stack: until you delete them",
          "results of batches' lines by their id, also those of the tenant's batches of OpenAI's"
              + " API, which belong to the stack: until their time to live ends, packed ones 33"
              + " days");

  private final Terminal terminal;

  Tenants(Terminal terminal, Supplier<Aws> aws) {
    super(aws);
    this.terminal = terminal;
  }

  /// Runs when no command is given.
  @Override
  public void run() {
    throw usage("Missing command");
  }

  @Command(name = "create", description = "Makes a tenant, which has no keys yet.")
  int create(
      @Parameters(paramLabel = "NAME", description = TENANT_NAME) String name,
      @Option(
              names = "--plan",
              paramLabel = "PLAN",
              description = "The plan of its limits; default: none.")
          @Nullable String plan,
      @Option(
              names = "--model",
              paramLabel = "MODEL",
              description = "A model that its keys may use; repeatable; default: all.")
          @Nullable List<String> models) {
    requireTenantName(name);
    return with(
        place -> {
          new TenantRows(place.clients())
              .create(
                  name,
                  plan == null ? "" : plan,
                  models == null ? List.of() : models,
                  Instant.now());
          if (json()) {
            print(new JsonBytes().object().field("tenant", name).endObject());
            return;
          }
          print("created %1$s; pilotlight keys create %1$s makes its first key".formatted(name));
        });
  }

  @Command(name = "list", description = "Lists the tenants.")
  int list() {
    return with(
        place -> {
          List<Item> tenants = new TenantRows(place.clients()).list();
          if (json()) {
            JsonBytes array = new JsonBytes().array();
            tenants.forEach(tenant -> write(array, tenant).endObject());
            print(array.endArray());
            return;
          }
          tenants.forEach(tenant -> print(line(tenant)));
        });
  }

  @Command(name = "show", description = "Shows a tenant and how many keys it has.")
  int show(@Parameters(paramLabel = "NAME", description = TENANT_NAME) String name) {
    requireTenantName(name);
    return with(
        place -> {
          Item tenant = new TenantRows(place.clients()).find(name);
          int keys = KeyRows.of(place).list(name).size();
          if (json()) {
            print(write(new JsonBytes(), tenant).field("keys", keys).endObject());
            return;
          }
          print(line(tenant));
          print(keys + (keys == 1 ? " key" : " keys"));
        });
  }

  @Command(
      name = "delete",
      description =
          "Revokes the keys of a tenant and erases its results, batches and usage. A deletion that"
              + " was stopped goes on when it is called again.")
  int delete(
      @Parameters(paramLabel = "NAME", description = TENANT_NAME) String name,
      @Option(names = "--yes", description = "Does not ask first.") boolean yes) {
    requireTenantName(name);
    if (!yes && !confirmed(name)) {
      throw usage("not deleted; type the tenant's name when asked, or use --yes");
    }
    return with(place -> delete(name, place));
  }

  private void delete(String name, Place place) throws Refused, InterruptedException {
    Erasure erasure = new Erasure(place, Instant::now, Tenants::sleep, new Steps(place.edge()));
    Erasure.Report report = erasure.delete(name);
    if (json()) {
      JsonBytes object =
          new JsonBytes()
              .object()
              .field("results", report.results())
              .field("objects", report.objects())
              .field("usage", report.usage())
              .field("keys", report.keys())
              .strings("left", kept(place))
              .endObject();
      print(object);
      return;
    }
    print(
        "erased %d results, %d versions of objects, %d rows of usage and %d keys of %s"
            .formatted(report.results(), report.objects(), report.usage(), report.keys(), name));
    print("left:");
    kept(place).forEach(each -> print("  " + each));
  }

  private static List<String> kept(Place place) {
    return place.folders() ? KEPT : Stream.concat(KEPT.stream(), KEPT_OF_STACK.stream()).toList();
  }

  private static void sleep(Instant until) throws InterruptedException {
    Duration left = Duration.between(Instant.now(), until);
    if (left.isPositive()) {
      Thread.sleep(left);
    }
  }

  /// Prints steps to a terminal, and deletes the keys at the distribution.
  private final class Steps implements Erasure.Progress {
    private final EdgeKeys edge;

    Steps(EdgeKeys edge) {
      this.edge = edge;
    }

    @Override
    public void step(String text) {
      if (terminal.interactive()) {
        note(text);
      }
    }

    @Override
    public void refused(List<Item> keys) throws Refused, InterruptedException {
      atEdge(
          "the API refuses the tenant's keys within 60 seconds, but CloudFront may serve them"
              + " cached answers; run pilotlight tenants delete again, which goes on from here",
          () -> edge.forget(keys));
    }
  }

  private static boolean confirmed(String name) {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(console -> console.readLine("Type %s to erase all that it has: ", name))
        .filter(name::equals)
        .isPresent();
  }

  private static JsonBytes write(JsonBytes json, Item tenant) {
    return json.object()
        .field("tenant", TenantRows.name(tenant))
        .field("state", tenant.text("state"))
        .field("plan", tenant.text("plan"))
        .field("generation", tenant.number("generation"))
        .field("created", time(tenant.number("created")))
        .strings("models", tenant.texts("models"));
  }

  private static String line(Item tenant) {
    String plan = tenant.text("plan");
    return Texts.oneLine(
        "%-40s  %-7s  %s  created %s%s"
            .formatted(
                TenantRows.name(tenant),
                tenant.text("state"),
                plan.isEmpty() ? "no plan" : "plan " + plan,
                time(tenant.number("created")),
                tenant.texts("models").isEmpty()
                    ? ""
                    : "  models " + String.join(",", tenant.texts("models"))));
  }
}

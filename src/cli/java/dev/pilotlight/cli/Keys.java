package dev.pilotlight.cli;

import dev.pilotlight.access.RouteFamily;
import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.EdgeKeys;
import dev.pilotlight.cli.clients.Item;
import dev.pilotlight.cli.clients.KeyRows;
import dev.pilotlight.cli.clients.KeyRows.Created;
import dev.pilotlight.cli.clients.KeyRows.Rotated;
import dev.pilotlight.cli.clients.KeyRows.Terms;
import dev.pilotlight.cli.clients.TenantRows;
import dev.pilotlight.support.json.JsonBytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pilotlight keys create|list|revoke|rotate|sync`: the API keys of tenants.
@Command(
    name = "keys",
    description = {
      "Makes, lists, revokes and rotates the API keys of tenants.",
      "",
      "A key is printed once, when it is made: only its SHA-256 is stored.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    synopsisSubcommandLabel = "(create | list | revoke | rotate | sync)",
    footerHeading = "%nExamples:%n",
    footer = {
      "  pilotlight keys create ada --stack pilotlight --name laptop --expires-in 90d",
      "  pilotlight keys rotate ada 3hQ0k_2a --stack pilotlight --overlap 24h"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      "1:Not done: there is no such tenant or key, or AWS refused a call.",
      "2:The command line is wrong."
    })
final class Keys extends OnClients implements Runnable {
  private static final String TENANT = "The tenant's name.";
  private static final String ID = "The key's id, as keys list prints it.";

  Keys(Supplier<Aws> aws) {
    super(aws);
  }

  /// Runs when no command is given.
  @Override
  public void run() {
    throw usage("Missing command");
  }

  @Command(name = "create", description = "Makes a key and prints it.")
  int create(
      @Parameters(paramLabel = "TENANT", description = TENANT) String tenant,
      @Option(names = "--name", paramLabel = "NAME", description = "A name for people.")
          @Nullable String name,
      @Option(
              names = "--model",
              paramLabel = "MODEL",
              description = "A model that the key may use; repeatable; default: all.")
          @Nullable List<String> models,
      @Option(
              names = "--route",
              paramLabel = "FAMILY",
              description =
                  "A family of routes that the key may use, such as embeddings; repeatable;"
                      + " default: all.")
          @Nullable List<String> routes,
      @Option(
              names = "--expires-in",
              paramLabel = "TIME",
              description = "The key expires after this time, such as 90d; default: never.")
          @Nullable String expiresIn) {
    requireTenantName(tenant);
    List<String> families = routes == null ? List.of() : routes;
    families.forEach(this::requireFamily);
    Duration valid = expiresIn == null ? null : duration("--expires-in", expiresIn);
    return with(
        place -> {
          Instant now = Instant.now();
          Instant expires = valid == null ? null : now.plus(valid);
          Terms terms =
              new Terms(
                  name == null ? "" : name, models == null ? List.of() : models, families, expires);
          Created created = KeyRows.of(place).create(tenant, terms, now);
          show(tenant, created);
          atEdge(
              "the key is made, but CloudFront refuses it until pilotlight keys sync succeeds",
              () -> place.edge().settle(tenant, created.digest()));
        });
  }

  @Command(name = "list", description = "Lists the keys of a tenant, without the keys themselves.")
  int list(@Parameters(paramLabel = "TENANT", description = TENANT) String tenant) {
    requireTenantName(tenant);
    return with(
        place -> {
          List<Item> keys = KeyRows.of(place).list(tenant);
          if (keys.isEmpty()) {
            var _ = new TenantRows(place.clients()).find(tenant); // or it is refused
          }
          if (json()) {
            JsonBytes array = new JsonBytes().array();
            keys.forEach(key -> write(array, KeyRows.id(key), key));
            print(array.endArray());
            return;
          }
          keys.forEach(key -> print(line(key)));
        });
  }

  @Command(name = "revoke", description = "Revokes a key: the API refuses it within 60 seconds.")
  int revoke(
      @Parameters(paramLabel = "TENANT", description = TENANT) String tenant,
      @Parameters(paramLabel = "ID", description = ID) String id) {
    requireTenantName(tenant);
    return with(
        place -> {
          Item before = KeyRows.of(place).revoke(tenant, id);
          atEdge(
              "the API refuses the key within 60 seconds, but CloudFront serves it cached answers"
                  + " until pilotlight keys sync succeeds",
              () -> place.edge().settle(tenant, before.requiredText("digest")));
          if (json()) {
            JsonBytes object = new JsonBytes().object().field("id", id).field("state", "revoked");
            print(object.endObject());
          } else {
            print(
                KeyRows.isRevoked(before)
                    ? id + " was revoked before"
                    : "revoked %s; the API refuses it within 60 seconds".formatted(id));
          }
        });
  }

  @Command(
      name = "rotate",
      description =
          "Makes a key with the rights of another, and prints it; the other one expires after the"
              + " overlap.")
  int rotate(
      @Parameters(paramLabel = "TENANT", description = TENANT) String tenant,
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(
              names = "--overlap",
              paramLabel = "TIME",
              defaultValue = "24h",
              description = "How long both keys are valid; default: ${DEFAULT-VALUE}.")
          String overlap) {
    requireTenantName(tenant);
    Duration both = duration("--overlap", overlap);
    return with(
        place -> {
          Rotated old =
              KeyRows.of(place)
                  .rotate(
                      tenant,
                      id,
                      both,
                      Instant.now(),
                      created -> {
                        show(tenant, created);
                        atEdge(
                            ("CloudFront refuses the new key until pilotlight keys sync succeeds;"
                                    + " the key %s is not changed: revoke it after that")
                                .formatted(id),
                            () -> place.edge().settle(tenant, created.digest()));
                      });
          note("the key %s expires at %s".formatted(id, time(old.expires().getEpochSecond())));
          if (old.changed()) {
            atEdge(
                "CloudFront has its old expiry until pilotlight keys sync succeeds",
                () -> place.edge().settle(tenant, old.digest()));
          }
        });
  }

  @Command(
      name = "sync",
      description = {
        "Makes the keys at the CloudFront distribution equal to those of the table of clients.",
        "Run it after a deployment with Edge=on, and after a command that did not change them."
      })
  int sync() {
    return with(
        place -> {
          EdgeKeys.Synced synced = place.edge().sync();
          if (json()) {
            JsonBytes object =
                new JsonBytes()
                    .object()
                    .field("written", synced.written())
                    .field("deleted", synced.deleted())
                    .field("unchanged", synced.unchanged())
                    .strings("refused", synced.refused());
            print(object.endObject());
          } else {
            print(
                "wrote %d entries and deleted %d; %d were right"
                    .formatted(synced.written(), synced.deleted(), synced.unchanged()));
          }
          if (!synced.refused().isEmpty()) {
            throw new Refused(
                "CloudFront refuses these keys: " + String.join(", ", synced.refused()));
          }
        });
  }

  private void show(String tenant, Created created) {
    Instant expires = created.terms().expires();
    if (!json()) {
      print(created.text());
      out().flush();
      String end = expires == null ? "" : ", and expires at " + time(expires.getEpochSecond());
      note("the key %s of %s; it is not shown again%s".formatted(created.id(), tenant, end));
      return;
    }
    JsonBytes object =
        new JsonBytes()
            .object()
            .field("key", created.text())
            .field("id", created.id())
            .field("tenant", tenant)
            .field("expires", expires == null ? null : time(expires.getEpochSecond()))
            .endObject();
    print(object);
    out().flush();
  }

  private static void write(JsonBytes json, String id, Item key) {
    json.object()
        .field("id", id)
        .field("name", key.text("name"))
        .field("state", state(key))
        .field("created", time(key.number("created")))
        .field("expires", key.optional("expires").map(OnClients::time).orElse(null))
        .strings("models", key.texts("models"))
        .strings("routes", key.texts("routes"))
        .endObject();
  }

  private static String line(Item key) {
    StringBuilder line =
        new StringBuilder(
            "%s  %-7s  created %s"
                .formatted(KeyRows.id(key), state(key), time(key.number("created"))));
    key.optional("expires").ifPresent(end -> line.append("  expires ").append(time(end)));
    for (String list : new String[] {"models", "routes"}) {
      if (!key.texts(list).isEmpty()) {
        line.append("  ").append(list).append(' ').append(String.join(",", key.texts(list)));
      }
    }
    return Texts.oneLine(line + "  " + key.text("name")).stripTrailing();
  }

  private static String state(Item key) {
    boolean expired =
        key.optional("expires").filter(end -> end <= Instant.now().getEpochSecond()).isPresent();
    return key.text("state").equals("live") && expired ? "expired" : key.text("state");
  }

  private void requireFamily(String name) {
    List<String> families = Arrays.stream(RouteFamily.values()).map(RouteFamily::wireName).toList();
    if (!families.contains(name)) {
      throw usage("--route is '%s'; accepted: %s".formatted(name, String.join(", ", families)));
    }
  }
}

package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.breaker.Refused;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The tenants of a table of clients.
///
/// @param table of clients
public record TenantRows(Table table) {
  private static final String SK = "tenant";

  /// Makes a tenant, or makes one again that was deleted: its generation stays, so that it finds
  /// nothing of the earlier one.
  ///
  /// @param plan empty for none
  /// @param models that its keys may use; empty for all
  public void create(String name, String plan, List<String> models, Instant now) throws Refused {
    Item row =
        Item.of(KeyRows.tenantPk(name), SK)
            .with("state", "live")
            .with("plan", plan.isEmpty() ? null : plan)
            .with("models", models)
            .with("created", now.getEpochSecond())
            .with("generation", 0L);
    if (table.transact(Write.create(row))) {
      return;
    }
    Item old = find(name);
    if (!old.requiredText("state").equals("deleted")) {
      throw new Refused("the tenant %s exists".formatted(name));
    }
    Optional<Item> erasure = table.get(KeyRows.tenantPk(name), Erasure.SK);
    if (erasure.isPresent()) {
      throw new Refused(
          "the tenant %1$s is not erased yet; pilotlight tenants delete %1$s goes on with it"
              .formatted(name));
    }
    long generation = old.number("generation");
    boolean done =
        table.transact(
            Write.replaceTenant(row.with("generation", generation), "deleted", generation),
            Write.requireNone(KeyRows.tenantPk(name), Erasure.SK));
    if (!done) {
      throw new Refused("another command makes or deletes the tenant %s".formatted(name));
    }
  }

  /// Reads a tenant.
  ///
  /// @throws Refused also if there is none of the name
  public Item find(String name) throws Refused {
    return table
        .get(KeyRows.tenantPk(name), SK)
        .orElseThrow(() -> new Refused("there is no tenant %s".formatted(name)));
  }

  /// All tenants by name, deleted ones included.
  public List<Item> list() throws Refused {
    List<Item> all = table.all(SK);
    all.sort(Comparator.comparing(TenantRows::name));
    return all;
  }

  /// The name of a tenant's row.
  public static String name(Item row) {
    return row.text("pk").substring("tenant#".length());
  }
}

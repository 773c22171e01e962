package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.access.ApiKey;
import dev.pilotlight.cli.clients.KeyRows;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `pilotlight keys` and `pilotlight tenants` but their deletion.
@Timeout(60)
final class KeysIT extends TestClients {
  private static final Fate PASS = new Fate.Pass();

  @Test
  void keyIsPrintedOnceAndStoredOnlyAsItsDigest() {
    assertThat(run("tenants", "create", "ada", "--plan", "pro"))
        .isEqualTo(
            new TestRun(0, "created ada; pilotlight keys create ada makes its first key\n", ""));
    TestRun run =
        run(
            "keys",
            "create",
            "ada",
            "--name",
            "laptop",
            "--model",
            "m",
            "--model",
            "n",
            "--route",
            "embeddings",
            "--expires-in",
            "90d");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    ApiKey key = Objects.requireNonNull(ApiKey.parse(run.out().strip()));
    assertThat(run.err()).contains("the key " + key.id() + " of ada; it is not shown again");
    var item = item(CLIENTS, "key#" + key.digest(), "key");
    assertThat(attribute(item, "tenant").s()).isEqualTo("ada");
    assertThat(attribute(item, "id").s()).isEqualTo(key.id());
    assertThat(attribute(item, "name").s()).isEqualTo("laptop");
    assertThat(attribute(item, "state").s()).isEqualTo("live");
    assertThat(attribute(item, "models").ss()).containsExactlyInAnyOrder("m", "n");
    assertThat(attribute(item, "routes").ss()).containsExactly("embeddings");
    long expires = Long.parseLong(attribute(item, "expires").n());
    assertThat(Instant.ofEpochSecond(expires))
        .isBetween(
            Instant.now().plus(Duration.ofDays(89)), Instant.now().plus(Duration.ofDays(91)));
    assertThat(all(CLIENTS).toString()).doesNotContain(run.out().strip().substring(8));
    assertThat(run("keys", "list", "ada").out())
        .startsWith(key.id() + "  live")
        .contains("models ", "routes embeddings", "laptop")
        .doesNotContain(run.out().strip());
  }

  @Test
  void jsonHasTheTenantThatWasMadeAndTheKeyThatWasRevoked() {
    assertThat(run("tenants", "create", "ada", "--json").out()).isEqualTo("{\"tenant\":\"ada\"}\n");
    String id = json(run("keys", "create", "ada", "--json")).get("id").asText();
    for (int i = 0; i < 2; i++) {
      assertThat(run("keys", "revoke", "ada", id, "--json").out())
          .isEqualTo("{\"id\":\"" + id + "\",\"state\":\"revoked\"}\n");
    }
  }

  @Test
  void revokedKeyIsRevokedInBothItemsAndStaysInTheList() {
    String id = tenantWithKey("ada").get("id").asText();

    assertThat(run("keys", "revoke", "ada", id))
        .isEqualTo(
            new TestRun(0, "revoked " + id + "; the API refuses it within 60 seconds\n", ""));
    assertThat(run("keys", "revoke", "ada", id).out()).isEqualTo(id + " was revoked before\n");

    JsonNode list = json(run("keys", "list", "ada", "--json"));
    assertThat(list).hasSize(1);
    assertThat(list.get(0).get("state").asText()).isEqualTo("revoked");
    String digest = attribute(item(CLIENTS, "tenant#ada", "key#" + id), "digest").s();
    assertThat(attribute(item(CLIENTS, "key#" + digest, "key"), "state").s()).isEqualTo("revoked");
  }

  @Test
  void rotationMakesAKeyWithTheSameRightsAndExpiresTheOther() {
    run("tenants", "create", "ada");
    JsonNode old = json(run("keys", "create", "ada", "--json", "--name", "n", "--model", "m"));

    TestRun run = run("keys", "rotate", "ada", old.get("id").asText(), "--overlap", "2h");

    ApiKey key = Objects.requireNonNull(ApiKey.parse(run.out().strip()));
    var fresh = item(CLIENTS, "key#" + key.digest(), "key");
    assertThat(attribute(fresh, "models").ss()).containsExactly("m");
    assertThat(attribute(fresh, "name").s()).isEqualTo("n");
    assertThat(fresh).doesNotContainKey("expires");
    ApiKey before = Objects.requireNonNull(ApiKey.parse(old.get("key").asText()));
    long expires =
        Long.parseLong(attribute(item(CLIENTS, "key#" + before.digest(), "key"), "expires").n());
    assertThat(Instant.ofEpochSecond(expires))
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(119)),
            Instant.now().plus(Duration.ofMinutes(121)));
    assertThat(attribute(item(CLIENTS, "tenant#ada", "key#" + before.id()), "expires").n())
        .isEqualTo(Long.toString(expires));
    assertThat(run.err())
        .contains("the key " + before.id() + " expires at " + Instant.ofEpochSecond(expires));
    run("keys", "revoke", "ada", before.id());
    assertThat(run("keys", "rotate", "ada", before.id()).err()).contains("is revoked");
  }

  @Test
  void rotationNeverExtendsAKey() {
    run("tenants", "create", "ada");
    JsonNode old = json(run("keys", "create", "ada", "--json", "--expires-in", "1h"));
    ApiKey before = Objects.requireNonNull(ApiKey.parse(old.get("key").asText()));
    String expires = attribute(item(CLIENTS, "key#" + before.digest(), "key"), "expires").n();

    TestRun run = run("keys", "rotate", "ada", before.id(), "--overlap", "24h");

    assertThat(attribute(item(CLIENTS, "key#" + before.digest(), "key"), "expires").n())
        .isEqualTo(expires);
    String end = Instant.ofEpochSecond(Long.parseLong(expires)).toString();
    assertThat(run.err())
        .contains("it is not shown again, and expires at " + end)
        .contains("the key " + before.id() + " expires at " + end);
  }

  @Test
  void rotationShowsTheNewKeyEvenIfTheOtherCannotBeChanged() throws Exception {
    run("tenants", "create", "ada");
    String old = json(run("keys", "create", "ada", "--json")).get("id").asText();
    List<KeyRows.Created> made = new ArrayList<>();
    try (Between between = new Between(dynamo.endpoint())) {
      KeyRows keys = KeyRows.of(Place.local(between.endpoint(), s3.endpoint(), false));
      between.rule(
          call -> call.body().contains("UpdateExpression") ? new Fate.Fail(400, "{}") : PASS);
      assertThatThrownBy(
              () -> keys.rotate("ada", old, Duration.ofHours(1), Instant.now(), made::add))
          .hasMessageContaining("the new key is valid")
          .hasMessageContaining(old);
    }
    assertThat(made).hasSize(1);
    assertThat(json(run("keys", "list", "ada", "--json"))).hasSize(2);
  }

  @Test
  void anAttemptAfterALostAnswerIsTheSameTransaction() throws Exception {
    run("tenants", "create", "ada");
    try (Between between = new Between(dynamo.endpoint())) {
      KeyRows keys = KeyRows.of(Place.local(between.endpoint(), s3.endpoint(), false));
      AtomicBoolean failed = new AtomicBoolean();
      between.rule(
          call ->
              call.action().equals("TransactWriteItems") && !failed.getAndSet(true)
                  ? new Fate.Fail(500, "{}")
                  : PASS);
      var _ = keys.create("ada", new KeyRows.Terms("", List.of(), List.of(), null), Instant.now());
      List<String> bodies =
          between.calls().stream()
              .filter(call -> call.action().equals("TransactWriteItems"))
              .map(Between.Call::body)
              .toList();
      assertThat(bodies).hasSize(2);
      assertThat(bodies.getFirst())
          .isEqualTo(bodies.getLast())
          .containsPattern("\"ClientRequestToken\":\"[0-9a-f-]{36}\"");
    }
  }

  @Test
  void tenantsAreListedAndShown() {
    run("tenants", "create", "bob");
    run("tenants", "create", "ada", "--plan", "pro", "--model", "m");
    run("keys", "create", "ada");

    assertThat(run("tenants", "list").out().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("ada ")
        .contains("live", "plan pro", "models m");
    JsonNode list = json(run("tenants", "list", "--json"));
    assertThat(list.get(1).get("tenant").asText()).isEqualTo("bob");
    assertThat(json(run("tenants", "show", "ada", "--json")).get("keys").asInt()).isOne();
    assertThat(run("tenants", "show", "ada").out()).endsWith("1 key\n");
  }

  @Test
  void refusalsAreOneLine() {
    assertThat(run("keys", "create", "ada"))
        .isEqualTo(
            new TestRun(
                1,
                "",
                "pilotlight: there is no live tenant ada; make it with pilotlight tenants create"
                    + " ada\n"));
    run("tenants", "create", "ada");
    assertThat(run("tenants", "create", "ada"))
        .isEqualTo(new TestRun(1, "", "pilotlight: the tenant ada exists\n"));
    assertThat(run("keys", "revoke", "ada", "12345678").err())
        .isEqualTo(
            "pilotlight: ada has no key with the id 12345678; pilotlight keys list ada shows"
                + " them\n");
    for (String command : new String[] {"tenants show eve", "keys list eve"}) {
      assertThat(run(command.split(" ", -1)))
          .isEqualTo(new TestRun(1, "", "pilotlight: there is no tenant eve\n"));
    }
    assertThat(run("keys", "list", "ada")).isEqualTo(new TestRun(0, "", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keys create Ada",
        "keys create -a",
        "tenants create a_b",
        "keys create ada --route nonsense",
        "keys create ada --expires-in 1w",
        "keys rotate ada x --overlap 0h",
        "usage --month 2026-13",
        "usage --month 26-11",
        "usage --csv --json",
        "keys",
        "tenants",
        "tenants delete ada"
      })
  void wrongCommandLinesAreRefusedBeforeACall(String line) {
    TestRun run = run(line.split(" ", -1));
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
    assertThat(run.err()).startsWith("pilotlight: ").hasLineCount(1);
    assertThat(all(CLIENTS)).isEmpty();
  }

  @Test
  void onePlaceIsNeeded() {
    assertThat(TestRun.run("tenants", "list").exitCode()).isEqualTo(2);
    assertThat(run("tenants", "list", "--stack", "ours").exitCode()).isEqualTo(2);
    assertThat(TestRun.run("keys", "--help").out())
        .contains("create", "rotate", "--stack", "--local", "Exit codes:");
  }

  private static JsonNode tenantWithKey(String tenant) {
    run("tenants", "create", tenant);
    return json(run("keys", "create", tenant, "--json"));
  }
}

package dev.pilotlight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreSettingsTest {

  @Test
  void byDefaultResultsAreRequiredToBeKept() {
    assertThat(StoreSettings.from(new Settings(Map.of())))
        .isEqualTo(
            new StoreSettings(
                Policy.REQUIRED,
                "pilotlight-results",
                Optional.empty(),
                Duration.ofDays(30),
                358_400,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Client.DIRECT));
  }

  @Test
  void everySettingArrives() {
    Settings settings =
        new Settings(
            Map.of(
                "PILOTLIGHT_STORE", "best-effort",
                "PILOTLIGHT_TABLE", "t",
                "PILOTLIGHT_LARGE_BUCKET", "b",
                "PILOTLIGHT_RESULT_TTL_SECONDS", "60",
                "PILOTLIGHT_STORE_ITEM_BYTES", "5",
                "PILOTLIGHT_STORE_ATTEMPT_MS", "10",
                "PILOTLIGHT_STORE_READ_MS", "20",
                "PILOTLIGHT_STORE_WRITE_MS", "30",
                "PILOTLIGHT_STORE_PROBE_MS", "40",
                "PILOTLIGHT_DYNAMODB_CLIENT", "sdk"));
    assertThat(StoreSettings.from(settings))
        .isEqualTo(
            new StoreSettings(
                Policy.BEST_EFFORT,
                "t",
                Optional.of("b"),
                Duration.ofSeconds(60),
                5,
                Duration.ofMillis(10),
                Duration.ofMillis(20),
                Duration.ofMillis(30),
                Duration.ofMillis(40),
                Client.SDK));
    settings.refuseUnknown();
  }

  @Test
  void anUnknownPolicyIsRefused() {
    assertThatThrownBy(() -> Stores.settings("STORE", "maybe"))
        .hasMessage("PILOTLIGHT_STORE is 'maybe'; accepted: one of required, best-effort, off");
  }

  @Test
  void noStoreKeepsNothing() {
    NoStore store = new NoStore();
    var result = Stores.result(1, new byte[] {1});
    Deadline deadline = Deadline.in(Duration.ofSeconds(1));
    assertThat(store.putIfAbsent(result, deadline, new Meter())).isSameAs(result);
    store.putAll(List.of(result), deadline, new Meter());
    assertThat(store.get(List.of(result.key()), deadline, new Meter())).isEmpty();
    assertThat(store.find(result.key(), "tenant", new Meter())).isEmpty();
    assertThat(store.policy()).isEqualTo(Policy.OFF);
  }
}

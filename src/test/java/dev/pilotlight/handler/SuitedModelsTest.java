package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.onnx.Execution;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.ModelStatus;
import dev.pilotlight.model.repository.Repositories;
import dev.pilotlight.store.NoStore;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.Caller;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The model that answers a request without a name: models of 10 MB each, 16 MB while they load, of
/// which two fit the memory.
class SuitedModelsTest {
  private static final int MEGABYTE = 1 << 20;
  private static final long TWO_MODELS = 64 + 40;

  @TempDir private Path root;

  @SuppressWarnings("NullAway.Init")
  private ModelRepository repository;

  @AfterEach
  void close() {
    repository.close();
  }

  @Test
  void modelsThatDoNotSuitAreClosedToLoadTheOneThatDoes() {
    models("a", "b", "c");
    Catalogue catalogue = open(Optional.empty());

    assertThat(suited(catalogue, "c")).isEqualTo("c");
    List<String> states = states();
    assertThat(states).contains("c READY").containsAnyOf("a UNLOADED", "b UNLOADED");
    assertThat(suited(catalogue, "c")).isEqualTo("c");
    assertThat(states()).as("no model is loaded again").isEqualTo(states);
    assertThat(suited(catalogue, "a")).isEqualTo("a");
    assertThat(suited(catalogue, "none of them")).as("the default").isEqualTo("a");
  }

  @Test
  void aModelThatTheCallerMayNotUseIsNotLoadedAgainForIt() {
    models("a", "b", "c");
    Catalogue catalogue = open(Optional.empty());
    assertThat(suited(catalogue, "c")).isEqualTo("c");
    assertThat(suited(catalogue, "a")).isEqualTo("a");
    Caller onlyB = new Caller("key:ada", "", "", 0, Set.of("b"), null);
    AtomicInteger loads = new AtomicInteger();
    Supplier<Model> loading =
        () -> {
          loads.incrementAndGet();
          return repository.get("b", null);
        };

    try (ModelRepository.Use _ = repository.use()) {
      for (String suits : List.of("a", "c")) {
        assertThatThrownBy(
                () -> catalogue.load(onlyB, "", info -> info.name().equals(suits), loading))
            .hasMessageContaining("may not use this model");
      }
      assertThatThrownBy(() -> catalogue.load(onlyB, "", null, loading))
          .hasMessageContaining("may not use this model");
      assertThat(loads).hasValue(0);
      Model own = catalogue.load(onlyB, "", info -> info.name().equals("b"), loading);
      assertThat(own.info().name()).isEqualTo("b");
    }
  }

  @Test
  void theModelThatAnswersIsInUse() {
    models("a", "b", "c");
    Catalogue catalogue = open(Optional.empty());

    try (ModelRepository.Use _ = repository.use()) {
      var _ = catalogue.suited(info -> info.name().equals("b"));
      var _ = repository.get("c", null);
      assertThatThrownBy(() -> repository.get("a", null)).hasMessageContaining("2 in use");
    }
  }

  @Test
  void brokenModelsAreSkippedAndSoIsAMissingDefault() {
    Repositories.write(root.resolve("a/1/model.onnx"), "not a graph");
    models("b", "c");

    for (String standard : List.of("a", "none", "b")) {
      assertThat(suited(open(Optional.of(standard)), "c")).isEqualTo("c");
      repository.close();
    }
    Catalogue catalogue = open(Optional.of("none"));
    assertThatThrownBy(() -> suited(catalogue, "d"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_FOUND));
  }

  /// If another answered in its place, the next request would have another answer.
  @Test
  void modelThatCannotBeLoadedNowRefusesTheRequest() {
    models("a", "b", "c", "d");
    Catalogue catalogue = open(Optional.of("c"));

    try (ModelRepository.Use _ = repository.use()) {
      var _ = repository.get("c", null);
      var _ = repository.get("d", null);
      assertThatThrownBy(() -> catalogue.suited(info -> !info.name().equals("c")))
          .isInstanceOfSatisfying(
              Refusal.class, refusal -> assertThat(refusal.retryAfter()).isPresent())
          .hasMessageContaining("model a version 1");
    }
    assertThat(suited(catalogue, "a")).isEqualTo("a");
  }

  private String suited(Catalogue catalogue, String name) {
    try (ModelRepository.Use _ = repository.use()) {
      return catalogue.suited(info -> info.name().equals(name)).info().name();
    }
  }

  private List<String> states() {
    return repository.list().stream().map(each -> each.name() + " " + each.state()).toList();
  }

  private void models(String... names) {
    Tensor weights =
        new Tensor("w", Datatype.FP32, new long[] {10L * MEGABYTE / 4}, new byte[10 * MEGABYTE]);
    for (String name : names) {
      OnnxModels.identity(Datatype.FP32, "n")
          .initializer(weights)
          .write(Repositories.version(root, name, 1).resolve("model.onnx"));
    }
  }

  private Catalogue open(Optional<String> standard) {
    ModelSettings settings =
        new ModelSettings(
            root.toString(),
            standard,
            1L << 30,
            Long.MAX_VALUE,
            Optional.empty(),
            1,
            Duration.ZERO,
            root.resolve("cache"),
            Duration.ZERO,
            Duration.ofSeconds(10),
            TWO_MODELS << 20,
            Repositories.PIXELS_MAX,
            Execution.CPU);
    Log log = new Log(System.out, Log.Level.ERROR);
    repository =
        new ModelRepository(
            settings,
            () -> {
              throw new AssertionError("these models are not in S3");
            },
            log,
            InstantSource.system(),
            this::resident);
    StoreSettings store = StoreSettings.from(new Settings(Map.of()));
    return new Catalogue(
        "1", repository, new NoStore(), store, new Clients(Map.of(), store, log), log);
  }

  /// Each loaded model counts with 15 MB.
  private long resident() {
    long loaded =
        repository.list().stream()
            .filter(status -> status.state() == ModelStatus.State.READY)
            .count();
    return 15L * MEGABYTE * loaded;
  }
}

package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.ModelLoader;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.onnx.RunTimer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A slot whose model is closed again and again while requests use it.
final class LoadOnceTest {
  private static final int CLOSED_LEAST = 10;

  @TempDir private Path root;

  @Test
  void noRequestFindsTheModelClosedThatItWasGiven() throws Exception {
    OnnxModels.identity(Datatype.FP32, "n").write(root.resolve("model.onnx"));
    ModelId id = new ModelId("m", 1);
    ModelVersion version = new ModelVersion(id, "m/1", new TreeMap<>());
    Uses uses = new Uses();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger closed = new AtomicInteger();
    AtomicBoolean ended = new AtomicBoolean();
    long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
    long patience = end + Duration.ofSeconds(60).toNanos(); // for a machine that stalls
    try (RunTimer timer = new RunTimer()) {
      ModelLoader loader = new ModelLoader(Repositories.settings(root, Duration.ZERO), timer);
      LoadOnce slot =
          new LoadOnce(
              version, Duration.ZERO, InstantSource.system(), kept -> loader.load(id, root));
      Thread closing =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!ended.get()) {
                      if (slot.unload(uses)) {
                        closed.incrementAndGet();
                      }
                    }
                  });
      while (System.nanoTime() < (closed.get() < CLOSED_LEAST ? patience : end)) {
        try (ModelRepository.Use _ = uses.begin()) {
          slot.usedAt(uses.now());
          slot.get().prime();
        } catch (IllegalStateException e) {
          failures.add(e);
        }
      }
      ended.set(true);
      closing.join();
      slot.close();
    }
    assertThat(closed).as("it was closed at times").hasValueGreaterThanOrEqualTo(CLOSED_LEAST);
    assertThat(failures).isEmpty();
  }

  @Test
  void lastUseIsTheHighestTick() {
    ModelVersion version = new ModelVersion(new ModelId("m", 1), "m/1", new TreeMap<>());
    LoadOnce slot =
        new LoadOnce(
            version,
            Duration.ZERO,
            InstantSource.system(),
            kept -> {
              throw new AssertionError("nobody asked for it");
            });
    slot.usedAt(2);
    slot.usedAt(1);
    assertThat(slot.lastUse()).isEqualTo(2);
  }
}

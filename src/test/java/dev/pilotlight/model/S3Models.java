package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import dev.pilotlight.support.TestSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// A real S3 server, and repositories on it as the function has them, by its own client.
@ResourceLock("S3Models") // its subclasses share what is static here
public abstract class S3Models {
  private static final String BUCKET = "models";
  public static final byte[] IDENTITY = OnnxModels.identity(Datatype.FP32, "n").toBytes();

  @SuppressWarnings("NullAway.Init")
  private static S3Local server;

  @SuppressWarnings("NullAway.Init")
  public static S3Client s3;

  @SuppressWarnings("NullAway.Init")
  public Between between;

  private final List<AutoCloseable> open = new ArrayList<>();
  @TempDir public Path disk;

  @BeforeAll
  static void start() {
    server = S3Local.start(0, BUCKET);
    s3 = server.client();
  }

  @AfterAll
  static void stop() {
    s3.close();
    server.close();
  }

  @BeforeEach
  void listen() throws IOException {
    between = new Between(server.endpoint());
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    between.close();
  }

  /// As another process has it, except the disk, which all share.
  public ModelRepository repository(String location, String... pairs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PILOTLIGHT_MODELS", location);
    environment.put("PILOTLIGHT_MODEL_CACHE_DIR", disk.toString());
    environment.put("PILOTLIGHT_MODEL_RETRY_MS", "0");
    environment.put("PILOTLIGHT_MODEL_SETTLE_MS", "0");
    TestSettings.put(environment, "PILOTLIGHT_", pairs);
    Settings settings = new Settings(environment);
    Clients clients =
        EmulatedClients.of(StoreSettings.from(settings), Map.of("S3", between.endpoint()));
    ModelRepository repository =
        new ModelRepository(
            ModelSettings.from(settings), clients::s3, new Log(System.out, Log.Level.ERROR));
    open.add(repository);
    open.add(clients);
    return repository;
  }

  public static void put(String key, byte[] content) {
    put(BUCKET, key, content);
  }

  public static void put(String bucket, String key, byte[] content) {
    s3.putObject(to -> to.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  /// The paths of the objects that were read.
  public List<String> gets() {
    return between.calls().stream()
        .filter(call -> call.method().equals("GET"))
        .filter(call -> !String.valueOf(call.uri().getQuery()).contains("list-type"))
        .map(call -> call.uri().getPath())
        .toList();
  }

  public List<String> copies() {
    try (Stream<Path> children = Files.exists(disk) ? Files.list(disk) : Stream.of()) {
      return children.map(path -> String.valueOf(path.getFileName())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<String> files() {
    try (Stream<Path> all = Files.walk(disk)) {
      return all.filter(Files::isRegularFile).map(Path::toString).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void assertServes(Model model) {
    assertThat(answer(model, 1, -2)).containsExactly(1, -2);
  }

  public static float[] answer(Model model, float... values) {
    Tensor input = Tensor.ofFloats("x", new long[] {values.length}, values);
    Item item = new Item.Tensors(List.of(input), List.of("y"));
    return model.run(item).outputs().getFirst().floats();
  }

  public static void assertUnavailable(ModelRepository repository, String name, String reason) {
    assertThatThrownBy(() -> repository.get(name, null))
        .isInstanceOfSatisfying(
            Refusal.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
              assertThat(e.message()).endsWith(reason);
            });
  }

  public static Model eventually(ModelRepository repository, String name)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (true) {
      try {
        return repository.get(name, null);
      } catch (Refusal e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }
}

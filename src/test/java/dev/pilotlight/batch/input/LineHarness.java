package dev.pilotlight.batch.input;

import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.batch.lines.LineTask;
import dev.pilotlight.batch.lines.LineTasks;
import dev.pilotlight.batch.lines.ResultIds;
import dev.pilotlight.batch.s3.BatchStore;
import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.pipeline.PipelineSettings;
import dev.pilotlight.pipeline.Tiers;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import dev.pilotlight.store.NoStore;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import dev.pilotlight.support.TestSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// From a line to its answer, as a batch goes, without S3 and DynamoDB.
public final class LineHarness implements AutoCloseable {
  public static final int ITEMS_MAX = 8;
  private static final Log LOG = new Log(System.out, Log.Level.ERROR);

  private final ModelRepository models;
  private final InferencePipeline pipeline;
  private final Supplier<LineTasks> newTasks;
  private @Nullable LineTasks ofObject;

  /// @param defaultModel by name
  /// @param more settings, names and values in turn
  public LineHarness(Path modelRoot, String defaultModel, Encoding encoding, String... more) {
    this(
        modelRoot,
        defaultModel,
        Map.of("encoding-format", encoding.name().toLowerCase(Locale.ROOT)),
        more);
  }

  /// @param metadata of the object
  /// @param more settings, names and values in turn
  public LineHarness(
      Path modelRoot, String defaultModel, Map<String, String> metadata, String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PILOTLIGHT_MODELS", modelRoot.toString());
    environment.put("PILOTLIGHT_MODEL_SETTLE_MS", "0");
    environment.put("PILOTLIGHT_DEFAULT_MODEL", defaultModel);
    TestSettings.put(environment, "", more);
    Settings settings = new Settings(environment);
    models =
        new ModelRepository(
            ModelSettings.from(settings),
            () -> {
              throw new AssertionError("no S3 here");
            },
            LOG);
    Duration day = Duration.ofDays(1);
    pipeline =
        new InferencePipeline(
            new Tiers(new MemoryTier(1 << 20), Optional.empty(), new NoStore(), day, day, LOG),
            PipelineSettings.from(settings));
    newTasks =
        () ->
            new LineTasks(
                Calls.ofBatch(
                    (name, version) -> models.get(name, version.orElse(null)),
                    ITEMS_MAX,
                    ProtocolSettings.from(settings)),
                name -> models.get(name.orElseGet(models::defaultModel), null),
                ObjectOptions.of(metadata, InputFormat.of("a.jsonl", metadata)),
                new CustomIds(_ -> {}),
                new ResultIds(BatchStore.TABLE, ""),
                "batch",
                "identity",
                ITEMS_MAX,
                LOG);
  }

  /// From now on all lines belong to one object; before, each belongs to another.
  public void beginObject() {
    ofObject = newTasks.get();
  }

  public String json(long number, String json) {
    return json(number, json.getBytes(StandardCharsets.UTF_8));
  }

  public String json(long number, byte[] json) {
    return answer(new Line(number, 0, new Line.Content.Json(json)));
  }

  /// The line of the output.
  public String answer(Line line) {
    return new String(bytes(line), StandardCharsets.UTF_8);
  }

  private byte[] bytes(Line line) {
    LineTasks tasks = ofObject == null ? newTasks.get() : ofObject;
    LineTask task = tasks.of(line);
    if (!task.items().isEmpty()) {
      InferenceRequest request =
          new InferenceRequest(
              "stack:pilotlight-results",
              task.items(),
              task::field,
              CacheUse.NORMAL,
              Deadline.in(Duration.ofSeconds(20)),
              new Meter());
      pipeline.runEach(task.model(), request).forEach(task::add);
    }
    return task.render(LOG).json();
  }

  @Override
  public void close() {
    pipeline.close();
    models.close();
  }
}

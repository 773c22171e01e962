package dev.pilotlight.model;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.support.Log;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/// The models at hand: `<name>/<numeric version>/` with an ONNX export inside, in a directory or
/// under an S3 prefix. Thread-safe.
///
/// What callers name is only ever compared with what was listed; it never reaches the file system.
/// The listing is kept; it is made anew, at most once per back-off, when a caller names something
/// that is not in it or asks for the list.
public final class ModelRepository implements AutoCloseable {
  private static final int ECHO_CHARS_MAX = 100;

  private final ModelSettings settings;
  private final Log log;
  private final ModelSource source;
  private final RunTimer timer = new RunTimer();
  private final ModelLoader loader;
  private final ConcurrentMap<ModelId, LoadOnce> models = new ConcurrentHashMap<>();
  private final ReentrantLock listing = new ReentrantLock();
  private volatile @Nullable Listing listed;
  private volatile boolean closed;

  /// @param failure why there are no entries, if there has been no listing at all so far
  private record Listing(
      NavigableMap<ModelId, ModelSource.Listed> entries,
      @Nullable LoadFailure failure,
      long atNanos) {}

  /// @param s3 asked for a client only if the models lie in S3
  public ModelRepository(ModelSettings settings, Supplier<S3Client> s3, Log log) {
    this.settings = settings;
    this.log = log;
    this.loader = new ModelLoader(settings, timer);
    this.source =
        S3Source.isLocation(settings.location())
            ? new S3Source(settings, s3)
            : new DirectorySource(Path.of(settings.location()));
  }

  /// Loads ONNX Runtime into the process. The first model would; this can be done before there is a
  /// repository.
  public static void loadRuntime() {
    var _ = JniGraph.environment();
  }

  /// The model, loaded now if this is its first use.
  ///
  /// @param version absent for the highest
  /// @throws Refusal `NOT_FOUND` (field `model` or `version`), or `UNAVAILABLE` if it cannot be
  ///   loaded; that is tried again on later calls
  public Model get(String name, @Nullable String version) {
    ModelId id = find(name, version, entries(false));
    if (id == null) {
      NavigableMap<ModelId, ModelSource.Listed> entries = entries(true);
      id = find(name, version, entries);
      if (id == null) {
        throw notFound(name, version, entries.keySet());
      }
    }
    return slot(id).get();
  }

  /// The model meant where a request names none: as set, else the first by name.
  ///
  /// @throws Refusal `UNAVAILABLE` if there is no model at all
  public String defaultModel() {
    if (settings.defaultModel().isPresent()) {
      return settings.defaultModel().get();
    }
    NavigableMap<ModelId, ModelSource.Listed> entries = entries(false);
    if (entries.isEmpty()) {
      entries = entries(true);
    }
    if (entries.isEmpty()) {
      throw Refusal.unavailable("no model is installed", settings.retryBackOff(), null);
    }
    return entries.firstKey().name();
  }

  /// The highest version of a model, if it is loaded. Loads none.
  public Optional<Model> loaded(String name) {
    ModelId id = find(name, null, entries(false));
    return id == null ? Optional.empty() : slot(id).loaded();
  }

  /// Every version at hand, by name, of one name the highest first. Loads none.
  public List<ModelStatus> list() {
    List<ModelStatus> statuses = new ArrayList<>();
    for (ModelSource.Listed entry : entries(true).values()) {
      ModelStatus status = slot(entry.id()).status();
      boolean hopeless =
          status.state() == ModelStatus.State.UNLOADED && entry.problem().isPresent();
      statuses.add(hopeless ? unavailable(entry) : status);
    }
    return statuses;
  }

  @Override
  public void close() {
    closed = true;
    models.values().forEach(LoadOnce::close);
    timer.close();
  }

  private static ModelStatus unavailable(ModelSource.Listed entry) {
    return new ModelStatus(
        entry.id().name(),
        Long.toString(entry.id().version()),
        ModelStatus.State.UNAVAILABLE,
        entry.problem().orElse(null));
  }

  private LoadOnce slot(ModelId id) {
    if (closed) {
      throw new IllegalStateException("the model repository is closed");
    }
    return models.computeIfAbsent(
        id, key -> new LoadOnce(key, settings.retryBackOff(), () -> load(key)));
  }

  private Model load(ModelId id) {
    long start = System.nanoTime();
    try {
      Model model = loader.load(id, source.fetch(id));
      log.info(
          "model loaded",
          "model",
          id.name(),
          "version",
          id.version(),
          "task",
          model.info().task(),
          "ms",
          Duration.ofNanos(System.nanoTime() - start).toMillis());
      model
          .info()
          .warnings()
          .forEach(text -> log.warn(text, null, "model", id.name(), "version", id.version()));
      return model;
    } catch (RuntimeException | LinkageError e) {
      log.error("model not loaded", e, "model", id.name(), "version", id.version());
      throw e;
    }
  }

  private static @Nullable ModelId find(
      String name, @Nullable String version, NavigableMap<ModelId, ModelSource.Listed> entries) {
    if (version != null && !ModelId.isVersion(version)) {
      return null;
    }
    if (version != null) {
      ModelId id = new ModelId(name, Long.parseLong(version));
      return entries.containsKey(id) ? id : null;
    }
    // of one name the highest version comes first
    ModelId first = entries.ceilingKey(new ModelId(name, Long.MAX_VALUE));
    return first != null && first.name().equals(name) ? first : null;
  }

  private static Refusal notFound(
      String name, @Nullable String version, Collection<ModelId> known) {
    List<Long> versions =
        known.stream().filter(id -> id.name().equals(name)).map(ModelId::version).toList();
    if (version == null || versions.isEmpty()) {
      List<String> names = known.stream().map(ModelId::name).distinct().toList();
      return Refusal.notFound(
          "model", "there is no model %s; there are %s".formatted(echo(name), names));
    }
    return Refusal.notFound(
        "version",
        "model %s has no version %s; it has %s".formatted(name, echo(version), versions));
  }

  private static String echo(String given) {
    String shown = given.length() > ECHO_CHARS_MAX ? given.substring(0, ECHO_CHARS_MAX) : given;
    return "'" + shown + "'";
  }

  /// @param fresh whether one older than the back-off will not do
  private NavigableMap<ModelId, ModelSource.Listed> entries(boolean fresh) {
    Listing last = listed;
    if (last == null || isStale(last, fresh)) {
      listing.lock();
      try {
        last = listed;
        if (last == null || isStale(last, fresh)) {
          last = newListing(last);
          listed = last;
        }
      } finally {
        listing.unlock();
      }
    }
    if (last.failure != null) {
      Duration left = settings.retryBackOff().minus(age(last));
      throw Refusal.unavailable(
          last.failure.reason(), left.isNegative() ? Duration.ZERO : left, last.failure);
    }
    return last.entries;
  }

  private boolean isStale(Listing listing, boolean fresh) {
    return (fresh || listing.failure != null)
        && age(listing).compareTo(settings.retryBackOff()) >= 0;
  }

  private static Duration age(Listing listing) {
    return Duration.ofNanos(System.nanoTime() - listing.atNanos);
  }

  private Listing newListing(@Nullable Listing last) {
    NavigableMap<ModelId, ModelSource.Listed> entries = new TreeMap<>();
    LoadFailure failure = null;
    try {
      source.list().forEach(entry -> entries.put(entry.id(), entry));
    } catch (LoadFailure e) {
      log.error("models not listed", e);
      if (last != null && last.failure == null) {
        // what was there is still the best that is known, for another back-off
        entries.putAll(last.entries);
      } else {
        failure = e;
      }
    }
    return new Listing(entries, failure, System.nanoTime());
  }
}

package dev.pilotlight.model.repository;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.ModelLoader;
import dev.pilotlight.model.files.DirectorySource;
import dev.pilotlight.model.files.GraphChoice;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.files.ModelSource;
import dev.pilotlight.model.files.S3Source;
import dev.pilotlight.model.lock.LockedSource;
import dev.pilotlight.model.onnx.JniGraph;
import dev.pilotlight.model.onnx.RunTimer;
import dev.pilotlight.support.Log;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/// The models of a directory or an S3 prefix: `<name>/<numeric version>/` with an ONNX export
/// inside. Thread-safe.
///
/// Callers' names are only compared with listed names; they never reach the file system. The
/// listing is cached and renewed in the background. If a request names no version, the highest one
/// that is complete and loads answers; a caller waits for a new listing only if there would be no
/// answer otherwise.
public final class ModelRepository implements AutoCloseable {
  private final ModelSettings settings;
  private final @Nullable LockedSource locked;
  private final RunTimer timer = new RunTimer();
  private final Uses uses = new Uses();
  private final Slots slots;
  private final Listings listings;
  private final Adoption adoption;
  private final ModelNames names;
  private final FirstModel first;
  private final VersionChoice versions;
  private volatile boolean closed;

  /// A request that uses models: until it ends, none of its models is closed.
  public interface Use extends AutoCloseable {
    @Override
    void close();
  }

  /// @param s3 called for a client only if the models are in S3
  public ModelRepository(ModelSettings settings, Supplier<S3Client> s3, Log log) {
    this(settings, s3, log, InstantSource.system(), ModelMemory::residentBytes);
  }

  /// @param resident gives the process's resident memory in bytes
  public ModelRepository(
      ModelSettings settings,
      Supplier<S3Client> s3,
      Log log,
      InstantSource clock,
      LongSupplier resident) {
    this.settings = settings;
    ModelSource source =
        settings.isInS3()
            ? new S3Source(settings, s3)
            : new DirectorySource(Path.of(settings.location()));
    // the packaging has checked the lock of its models
    this.locked =
        settings.lock().isPresent() || source.mayChange()
            ? new LockedSource(source, settings.lock())
            : null;
    source = locked == null ? source : locked;
    ModelMemory memory = new ModelMemory(settings.memoryBytesMax(), resident, uses);
    ModelLoader loader = new ModelLoader(settings, timer);
    this.slots = new Slots(source, settings, loader, memory, uses, clock, log);
    this.listings = new Listings(source, settings, clock, log);
    this.adoption = new Adoption(slots, log);
    this.versions = new VersionChoice(slots, adoption, clock);
    Hints hints = new Hints(slots);
    this.names = new ModelNames(hints);
    this.first = new FirstModel(slots, hints);
  }

  /// Loads ONNX Runtime into the process, before the first model would.
  public static void loadRuntime() {
    var _ = JniGraph.environment();
  }

  /// Begins a request that waits for models without a limit.
  public Use use() {
    return uses.begin();
  }

  /// Begins a request that waits for models no longer than to its deadline, on this thread. After
  /// it, waiting ends with a [Refusal] `UNAVAILABLE`, and loading continues.
  ///
  /// @param waited gets the time of each wait, as a stage of the request
  public Use use(Deadline deadline, Consumer<Timing> waited) {
    Use use = uses.begin();
    Patience.Bound bound = new Patience(deadline, waited).bind();
    return () -> {
      bound.close();
      use.close();
    };
  }

  /// Whether loading a model may take long, because its files are remote.
  public boolean isRemote() {
    return settings.isInS3();
  }

  /// The faults that were found in the files of a lock, each in words; then nothing should be sent
  /// to this environment.
  public List<String> lockFaults() {
    return locked == null ? List.of() : locked.faults();
  }

  /// The model, loaded now if this is its first use.
  ///
  /// @param name its name, an alias, or another form of [ModelNames]
  /// @param version null for the highest that loads
  /// @throws Refusal `NOT_FOUND` (field `model` or `version`); `INVALID` if the name may mean
  ///   several models; `UNAVAILABLE` if the model is not complete or cannot be loaded, with a time
  ///   to retry if that may help
  public Model get(String name, @Nullable String version) {
    return withListing(
        listing -> {
          String model = nameIn(name, listing);
          return version == null
              ? versions.newest(model, listing)
              : versions.exact(model, version, listing);
        });
  }

  /// Facts about a model, by which a caller decides whether to [#get] it. It is loaded only if it
  /// never was, and may be closed at any time.
  ///
  /// @param name as of [#get]
  /// @return empty if there is no such model, or if its files are broken, as they are in every
  ///   environment
  /// @throws Refusal for a failure that may pass, or that only this environment may have
  public Optional<ModelInfo> look(String name) {
    try {
      return withListing(listing -> look(nameIn(name, listing), listing));
    } catch (Refusal refusal) {
      if (refusal.reason() == Refusal.Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  private Optional<ModelInfo> look(String model, Listing listing) {
    try {
      return Optional.of(versions.look(model, listing));
    } catch (Refusal refusal) {
      boolean locked =
          listing.versions(model).stream().anyMatch(entry -> entry.version().isLocked());
      boolean broken =
          refusal.reason() == Refusal.Reason.UNAVAILABLE && refusal.retryAfter().isEmpty();
      if (broken && !locked) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  /// The repository's name of the model that a caller means.
  ///
  /// @throws Refusal `NOT_FOUND`, `INVALID` if it may mean several, or `UNAVAILABLE` if the
  ///   repository cannot be read
  public String nameOf(String asked) {
    return withListing(listing -> nameIn(asked, listing));
  }

  /// The model for requests that name none: the configured one, else the first by name that takes
  /// texts, else the first of all; incomplete and broken models come last.
  ///
  /// @throws Refusal `UNAVAILABLE` if there is no model at all
  public String defaultModel() {
    return settings.defaultModel().orElseGet(() -> withListing(this::firstModel));
  }

  private String firstModel(Listing listing) {
    return first
        .in(listing)
        .orElseThrow(
            () -> Refusal.unavailable("no model is installed", settings.retryBackOff(), null));
  }

  /// The version of a model that answers if none is named, if it is loaded. Loads none.
  public Optional<Model> loaded(String name) {
    ModelId serving = adoption.serving(name);
    LoadOnce slot = serving == null ? null : slots.known(serving);
    return Optional.ofNullable(slot == null ? null : slot.loaded());
  }

  /// Every version, by name, for one name the highest first. Loads none, and does not change which
  /// version answers.
  public List<ModelStatus> list() {
    Listing listing = listings.forDisplay();
    List<ModelStatus> statuses = new ArrayList<>();
    listing.entries().values().forEach(entry -> statuses.add(status(entry, listing)));
    return statuses;
  }

  /// When the models of [#list] were created, by name; the same in every environment.
  public Map<String, Instant> created() {
    return listings.forDisplay().created();
  }

  private ModelStatus status(Listing.Entry entry, Listing listing) {
    ModelId id = entry.version().id();
    LoadOnce known = slots.known(id);
    ModelStatus status =
        known == null
            ? new ModelStatus(
                id.name(), Long.toString(id.version()), ModelStatus.State.UNLOADED, null)
            : known.status();
    return switch (status.state()) {
      case READY -> status.because(adoption.whyNotNewer(id));
      case UNAVAILABLE -> status;
      case UNLOADED -> {
        String reason = whyNot(entry, listing);
        yield reason == null ? status : status.unavailable(reason);
      }
    };
  }

  private static @Nullable String whyNot(Listing.Entry entry, Listing listing) {
    String fault = entry.version().fault();
    if (fault != null) {
      return fault;
    }
    if (!entry.version().hasGraph()) {
      return GraphChoice.NO_GRAPH;
    }
    return listing.isComplete(entry) ? null : VersionChoice.INCOMPLETE;
  }

  /// Renews the listing if that is due and loads changed models, as the background does.
  public void renew() {
    adoption.adopt(listings.renew(settings.relist()));
  }

  @Override
  public void close() {
    closed = true;
    slots.close();
    timer.close();
  }

  /// Answers from the cached listing; on a refusal, from a new one, at most once per back-off.
  @SuppressWarnings("ReferenceEquality") // the identity of the listing matters, not its content
  private <T> T withListing(Function<Listing, T> answer) {
    if (closed) {
      throw new IllegalStateException("the model repository is closed");
    }
    listings.renewIfDue(adoption::adopt);
    Listing listing = listings.current();
    try {
      return answer.apply(listing);
    } catch (Refusal refusal) {
      // a new listing may hold what was not found, or not complete
      boolean mayHelp =
          (refusal.reason() == Refusal.Reason.NOT_FOUND || refusal.retryAfter().isPresent())
              && !Patience.isOver();
      Listing renewed = mayHelp ? listings.renew(settings.retryBackOff()) : listing;
      if (renewed == listing) {
        throw refusal;
      }
      return answer.apply(listings.requireUsable(renewed));
    }
  }

  private String nameIn(String asked, Listing listing) {
    return names.find(asked, listing).orElseThrow(() -> ModelNames.notFound(asked, listing));
  }
}

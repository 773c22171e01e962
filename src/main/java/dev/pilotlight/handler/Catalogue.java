package dev.pilotlight.handler;

import dev.pilotlight.access.ModelAccess;
import dev.pilotlight.call.Calls;
import dev.pilotlight.call.Doors;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.handler.limits.ModelChoice;
import dev.pilotlight.handler.results.StoredResults;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.ModelStatus;
import dev.pilotlight.protocol.door.Question;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.openai.OpenAiModels;
import dev.pilotlight.protocol.openinference.MetadataWriter;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.support.Log;
import dev.pilotlight.tenant.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers every request that is not inference: models, readiness, stored results.
///
/// Thread-safe.
final class Catalogue implements Calls.Models {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final String productVersion;
  private final ModelRepository models;
  private final ResultStore store;
  private final StoreSettings settings;
  private final Clients clients;
  private final Log log;

  /// @param clients of the bucket for large results
  Catalogue(
      String productVersion,
      ModelRepository models,
      ResultStore store,
      StoreSettings settings,
      Clients clients,
      Log log) {
    this.productVersion = productVersion;
    this.models = models;
    this.store = store;
    this.settings = settings;
    this.clients = clients;
    this.log = log;
  }

  /// Begins a request: until the returned handle is closed, no model that the request uses is
  /// closed, and this thread waits for models until the deadline at most.
  ModelRepository.Use use(Deadline deadline, Meter meter) {
    return models.use(deadline, meter::took);
  }

  /// Whether models are loaded from S3, which may take long.
  boolean isRemote() {
    return models.isRemote();
  }

  @Override
  public Model model(String name, Optional<String> version) {
    return models.get(name.isEmpty() ? models.defaultModel() : name, version.orElse(null));
  }

  @Override
  public Model suited(Predicate<ModelInfo> suits) {
    return model(ModelChoice.suited(models, suits), Optional.empty());
  }

  /// Whether a request need not wait for its model. Loads none.
  boolean isLoaded(Calls.Unbound request) {
    return ModelChoice.isLoaded(models, request.model(), request.version(), request.suits());
  }

  HttpResponse routes() {
    return HttpResponse.json(OK, MetadataWriter.root(productVersion, Router.routes()));
  }

  HttpResponse server() {
    return HttpResponse.json(OK, MetadataWriter.server(productVersion));
  }

  HttpResponse live() {
    return HttpResponse.json(OK, MetadataWriter.live(true));
  }

  /// Ready means that the default model has run successfully, and that no file of a lock is missing
  /// or was found to be another one.
  HttpResponse ready() {
    boolean answers = readyModel().isPresent();
    List<String> faults = models.lockFaults();
    boolean ready = answers && faults.isEmpty();
    return HttpResponse.json(ready ? OK : UNAVAILABLE, MetadataWriter.ready(ready, faults));
  }

  /// Whether the function is ready, as [#ready] has it.
  boolean isReady() {
    return readyModel().isPresent() && models.lockFaults().isEmpty();
  }

  /// A model as a door may ask about it.
  ///
  /// @param asked the name by which the request asked for it; empty if it named none
  Question.Subject subject(Model model, String asked) {
    return new Question.Subject(model.info().named(asked), model.tokens(), productVersion);
  }

  /// Readiness in a door's form: no body, or its error.
  HttpResponse health(HttpRequest request) {
    return isReady()
        ? HttpResponse.empty(OK)
        : Doors.failed(
            Refusal.unavailable("unhealthy", Duration.ofSeconds(1), /* cause= */ null), request);
  }

  /// Returns the default model if it has run successfully, or does now.
  Optional<ModelInfo> readyModel() {
    return answering(this::defaultModel).map(Model::info);
  }

  /// Lists the models that a caller may use.
  ///
  /// @param caller null for all
  HttpResponse models(@Nullable Caller caller) {
    return HttpResponse.json(
        OK,
        MetadataWriter.models(
            ModelChoice.listed(models, caller)
                .map(
                    status ->
                        new MetadataWriter.ModelEntry(
                            status.name(),
                            status.version(),
                            status.state().name(),
                            Optional.ofNullable(status.reason())))
                .toList()));
  }

  HttpResponse metadata(String name, Optional<String> version) {
    Model model = model(name, version);
    List<String> versions =
        models.list().stream()
            .filter(status -> status.name().equals(model.info().name()))
            .map(ModelStatus::version)
            .toList();
    return HttpResponse.json(OK, MetadataWriter.model(model.info().named(name), versions));
  }

  /// Loads the model if necessary: clients poll this before their first inference, and would wait
  /// for ever if only loaded models were ready.
  HttpResponse modelReady(String name, Optional<String> version) {
    boolean ready = answering(() -> model(name, version)).isPresent();
    return HttpResponse.json(ready ? OK : UNAVAILABLE, MetadataWriter.modelReady(name, ready));
  }

  /// Answers the routes of Triton's extensions.
  ///
  /// @param caches whether results are kept in any tier
  /// @param caller null for one that may use all models
  Extensions extensions(Statistics statistics, boolean caches, @Nullable Caller caller) {
    return new Extensions(models, this::model, statistics, caches, caller);
  }

  /// Loads a model that the caller may use.
  ///
  /// @param caller null for one that may use all models
  /// @param asked the request's name for it; empty if it names none
  /// @param suits the models that may answer if it names none; null for the default alone
  /// @throws Refusal FORBIDDEN, or as `loading`
  Model load(
      @Nullable Caller caller,
      String asked,
      @Nullable Predicate<ModelInfo> suits,
      Supplier<Model> loading) {
    if (caller == null || caller.models() == null) {
      return loading.get();
    }
    ModelChoice.requireAllowed(models, caller, asked, suits);
    Model model = loading.get();
    ModelAccess.requireName(caller, model.info().name());
    return model;
  }

  /// Refuses a model that a caller may not use, before it is loaded.
  ///
  /// @param caller null for one that may use all models
  /// @param asked the request's name for it
  /// @throws Refusal FORBIDDEN
  void requireAllowed(@Nullable Caller caller, String asked) {
    if (caller != null && caller.models() != null) {
      ModelAccess.require(caller, asked, models::nameOf);
    }
  }

  /// As [#models], in OpenAI's form.
  HttpResponse openAiModels(@Nullable Caller caller) {
    Map<String, Instant> created = models.created();
    return OpenAiModels.list(
        ModelChoice.listed(models, caller)
            .map(ModelStatus::name)
            .distinct()
            .map(name -> entry(name, name, created))
            .toList());
  }

  HttpResponse openAiModel(String name) {
    String own = models.nameOf(name);
    return OpenAiModels.one(entry(name, own, models.created()));
  }

  private OpenAiModels.Entry entry(String name, String own, Map<String, Instant> created) {
    return new OpenAiModels.Entry(
        name, created.getOrDefault(own, Instant.EPOCH), models.loaded(own).map(Model::info));
  }

  /// Answers requests for stored results.
  StoredResults results() {
    return new StoredResults(store, settings, clients, log);
  }

  /// A missing default model makes the server unready, but other models still serve.
  private Model defaultModel() {
    String name = models.defaultModel();
    try {
      return model(name, Optional.empty());
    } catch (Refusal refusal) {
      if (refusal.reason() == Refusal.Reason.UNAVAILABLE) {
        throw refusal;
      }
      log.warn("the default model does not exist", refusal, "model", name);
      throw Refusal.unavailable(refusal.message(), Duration.ofSeconds(1), refusal);
    }
  }

  /// Returns the model if it has run successfully, or does now. Any failure of its graph is logged;
  /// the caller only learns that the model is not ready.
  ///
  /// @throws Refusal NOT_FOUND for an unknown name, INVALID for an ambiguous one
  private Optional<Model> answering(Supplier<Model> model) {
    Model found;
    try {
      found = model.get();
    } catch (Refusal refusal) {
      return switch (refusal.reason()) {
        case NOT_FOUND, INVALID -> throw refusal;
        default -> Optional.empty(); // logged where it failed
      };
    } catch (RuntimeException | Error e) {
      log.error("a model cannot be loaded", e);
      return Optional.empty();
    }
    try {
      found.requireAnswer();
      return Optional.of(found);
    } catch (RuntimeException | Error e) {
      log.error("a model does not answer", e, "model", found.info().name());
      return Optional.empty();
    }
  }
}

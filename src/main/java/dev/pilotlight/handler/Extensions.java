package dev.pilotlight.handler;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.handler.limits.ModelChoice;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.ModelStatus;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.openinference.ConfigurationWriter;
import dev.pilotlight.protocol.openinference.RepositoryRequests;
import dev.pilotlight.protocol.openinference.RepositoryWriter;
import dev.pilotlight.protocol.openinference.RepositoryWriter.Entry;
import dev.pilotlight.protocol.openinference.RepositoryWriter.State;
import dev.pilotlight.protocol.openinference.StatisticsWriter;
import dev.pilotlight.tenant.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Answers the routes of Triton's extensions: model repository, statistics, model configuration.
/// All of it is about the environment that answers.
///
/// @param load gives the model of a name and version, and loads it if necessary
/// @param caches whether results are kept in any tier
/// @param caller sees only the models that it may use; null for one that may use all
record Extensions(
    ModelRepository models,
    BiFunction<String, Optional<String>, Model> load,
    Statistics statistics,
    boolean caches,
    @Nullable Caller caller) {
  private static final int OK = 200;

  /// A listed version that was not needed yet is not known to load, so it is not ready.
  private static final String UNLOADED =
      "not loaded in this environment; the next request for the model loads it";

  private static final String NO_UNLOAD =
      "a model cannot be unloaded: each environment of the function loads models itself, and closes"
          + " idle ones when it needs their memory. To take a model out of service, remove its"
          + " versions from the model repository";

  /// @throws Refusal for a request that the caller can correct, or send again
  ///
  /// @param allowed gives a model's name back, or throws a [Refusal] if the caller may not use it
  HttpResponse answer(Route.Extension route, HttpRequest request, UnaryOperator<String> allowed) {
    return switch (route) {
      case Route.RepositoryIndex() -> index(RepositoryRequests.readIndex(request));
      case Route.Load(String model) -> {
        RepositoryRequests.readLoad(request);
        yield load(allowed.apply(model));
      }
      case Route.Unload(String _) -> throw Refusal.of(Reason.INVALID, null, NO_UNLOAD);
      case Route.Statistics(var model, var version) ->
          HttpResponse.json(
              OK,
              StatisticsWriter.write(
                  model.map(m -> of(allowed.apply(m), version)).orElseGet(this::ofAll)));
      case Route.Configuration(String model, var version) ->
          HttpResponse.json(
              OK,
              ConfigurationWriter.write(
                  load.apply(allowed.apply(model), version).info().named(model), caches));
    };
  }

  private HttpResponse index(boolean readyOnly) {
    List<Entry> entries = new ArrayList<>();
    for (ModelStatus status : ModelChoice.listed(models, caller).toList()) {
      Entry entry = entry(status);
      if (!readyOnly || entry.state() == State.READY) {
        entries.add(entry);
      }
    }
    return HttpResponse.json(OK, RepositoryWriter.index(entries));
  }

  private static Entry entry(ModelStatus status) {
    State state = status.state() == ModelStatus.State.READY ? State.READY : State.UNAVAILABLE;
    String reason = status.state() == ModelStatus.State.UNLOADED ? UNLOADED : status.reason();
    return new Entry(status.name(), status.version(), state, Optional.ofNullable(reason));
  }

  /// Loads the model here. As Triton's answer, this one has no body.
  private HttpResponse load(String name) {
    Model _ = load.apply(name, Optional.empty());
    return HttpResponse.json(OK, new byte[0]);
  }

  private List<StatisticsWriter.Entry> ofAll() {
    return ModelChoice.listed(models, caller)
        .map(status -> statistics(status, status.name()))
        .toList();
  }

  /// @param asked the name by which the caller asks, which the entries have
  private List<StatisticsWriter.Entry> of(String asked, Optional<String> version) {
    String name = models.nameOf(asked);
    List<ModelStatus> versions =
        models.list().stream().filter(status -> status.name().equals(name)).toList();
    if (version.isPresent()
        && versions.stream().noneMatch(status -> status.version().equals(version.get()))) {
      throw Refusal.notFound(
          "version",
          "model %s has no version %s; it has %s"
              .formatted(
                  name, version.get(), versions.stream().map(ModelStatus::version).toList()));
    }
    return versions.stream()
        .filter(status -> version.isEmpty() || status.version().equals(version.get()))
        .map(status -> statistics(status, asked))
        .toList();
  }

  private StatisticsWriter.Entry statistics(ModelStatus status, String name) {
    return new StatisticsWriter.Entry(
        name, status.version(), statistics.of(status.name(), status.version()));
  }
}

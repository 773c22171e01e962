package dev.pilotlight.call;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings;
import dev.pilotlight.protocol.openinference.InferBinder;
import dev.pilotlight.protocol.openinference.InferCall;
import dev.pilotlight.protocol.openinference.InferRequest;
import dev.pilotlight.protocol.openinference.InferRequestReader;
import dev.pilotlight.protocol.openinference.InferResponseWriter;
import dev.pilotlight.protocol.size.ResponseSize;
import java.util.Optional;
import java.util.function.BiFunction;

/// Makes a [Call] of a request: what stands between the protocols and the pipeline, the same for
/// the API and for batches. Thread-safe.
public final class Calls {
  /// What an answer must fit into.
  private sealed interface Medium {
    /// A response event, which Lambda loses if it is too large.
    record Response() implements Medium {}

    /// A line of JSON, as long as it needs to be.
    record Line() implements Medium {}
  }

  private final BiFunction<String, Optional<String>, Model> models;
  private final int itemsMax;
  private final ProtocolSettings settings;
  private final Medium medium;

  private Calls(
      BiFunction<String, Optional<String>, Model> models,
      int itemsMax,
      ProtocolSettings settings,
      Medium medium) {
    this.models = models;
    this.itemsMax = itemsMax;
    this.settings = settings;
    this.medium = medium;
  }

  /// Calls whose answers are responses of the API: what cannot fit one is refused.
  ///
  /// @param models gives the model of a name and a version, the highest where none is said, loaded;
  ///   throws a [Refusal] NOT_FOUND or UNAVAILABLE
  /// @param itemsMax the most items a request may have
  public static Calls ofApi(
      BiFunction<String, Optional<String>, Model> models, int itemsMax, ProtocolSettings settings) {
    return new Calls(models, itemsMax, settings, new Medium.Response());
  }

  /// Calls whose answers are lines of a batch: of any size, but JSON and nothing else.
  ///
  /// @param models as of [#ofApi]
  /// @param itemsMax the most items a line may have
  public static Calls ofBatch(
      BiFunction<String, Optional<String>, Model> models, int itemsMax, ProtocolSettings settings) {
    return new Calls(models, itemsMax, settings, new Medium.Line());
  }

  /// Reads the request, finds its model and holds one against the other.
  ///
  /// @param route where it leads
  /// @throws Refusal if it cannot be answered, whatever its items are: INVALID, also where the
  ///   route is none of inference; NOT_FOUND and UNAVAILABLE of its model; TOO_LARGE;
  ///   UNSUPPORTED_MEDIA_TYPE
  public Call of(HttpRequest request, Route route) {
    return of(request, route, Optional.empty());
  }

  /// As [#of(HttpRequest, Route)].
  ///
  /// @param truncate whether to truncate texts over the model's limit where the request does not
  ///   choose; empty where the model decides
  public Call of(HttpRequest request, Route route, Optional<Boolean> truncate) {
    return switch (route) {
      case Route.Embeddings() -> embeddings(request, truncate);
      case Route.Infer(String model, Optional<String> version) ->
          infer(request, models.apply(model, version), model, truncate);
      default ->
          throw Refusal.invalid(
              "url", "url is not an inference endpoint; accepted: " + Route.INFERENCE_PATHS);
    };
  }

  /// What becomes of fields that no protocol has, by the deployment's settings.
  public UnknownFields unknownFields() {
    return settings.unknownFields();
  }

  private Call embeddings(HttpRequest request, Optional<Boolean> truncate) {
    OpenAiEmbeddings.Request asked =
        OpenAiEmbeddings.read(request, itemsMax, settings.unknownFields())
            .withDefaultTruncate(truncate);
    Model model = models.apply(asked.model(), Optional.empty());
    ModelInfo info = named(model, asked.model());
    OpenAiEmbeddings.requireModel(asked, info);
    if (medium instanceof Medium.Response) {
      ResponseSize.requireFits(asked, info, request, settings);
    }
    return new Call(
        model,
        asked.itemsFor(model.info()),
        asked::field,
        answers -> OpenAiEmbeddings.write(asked, info, answers));
  }

  /// The answer has the name by which the model was asked for.
  private static ModelInfo named(Model model, String name) {
    return name.isEmpty() ? model.info() : model.info().named(name);
  }

  private Call infer(HttpRequest request, Model model, String name, Optional<Boolean> truncate) {
    InferRequest read = InferRequestReader.read(request).withDefaultTruncate(truncate);
    InferCall asked = InferBinder.bind(read, named(model, name), itemsMax);
    switch (medium) {
      case Medium.Response() -> ResponseSize.requireFits(asked, request, settings);
      case Medium.Line() -> requireJson(asked);
    }
    return new Call(
        model, asked.items(), asked::field, answers -> InferResponseWriter.write(asked, answers));
  }

  private static void requireJson(InferCall asked) {
    asked.outputs().stream()
        .filter(InferRequest.WantedOutput::binary)
        .findFirst()
        .ifPresent(
            output -> {
              throw Refusal.invalid(
                  "outputs",
                  ("output \"%s\" is wanted as binary data, which a line of JSON cannot hold;"
                          + " accepted in a batch: parameters.binary_data and"
                          + " parameters.binary_data_output false or absent")
                      .formatted(output.name()));
            });
  }
}

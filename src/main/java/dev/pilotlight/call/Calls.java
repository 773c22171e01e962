package dev.pilotlight.call;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.Question;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings;
import dev.pilotlight.protocol.openinference.InferBinder;
import dev.pilotlight.protocol.openinference.InferCall;
import dev.pilotlight.protocol.openinference.InferRequest;
import dev.pilotlight.protocol.openinference.InferRequestReader;
import dev.pilotlight.protocol.size.ResponseSize;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads the requests of all inference protocols, for the API and for batches. Thread-safe.
public final class Calls {
  /// The carrier of the answers.
  private enum Medium {
    /// A response event, which Lambda loses if it is too large.
    RESPONSE,
    /// A line of JSON of any size.
    LINE
  }

  /// Loads models.
  public interface Models {
    /// Loads the model of a name and a version, or the highest version.
    ///
    /// @param name empty for the default model
    /// @throws Refusal NOT_FOUND, UNAVAILABLE, or INVALID for an ambiguous name
    Model model(String name, Optional<String> version);

    /// Loads the default model if it suits, else the first that does; the default model if none
    /// does.
    ///
    /// @throws Refusal as [#model]
    default Model suited(Predicate<ModelInfo> suits) {
      return model("", Optional.empty());
    }
  }

  /// A request whose model is not loaded yet.
  ///
  /// @param model the model's name; empty for the default model
  /// @param suits the models that may answer if the request names none; null for the default alone
  public record Unbound(
      String model,
      Optional<String> version,
      @Nullable Predicate<ModelInfo> suits,
      Function<Model, Call> binding) {
    /// Checks the request against its model.
    ///
    /// @throws Refusal if it cannot be answered, whatever its items are: INVALID, TOO_LARGE,
    ///   UNSUPPORTED_MEDIA_TYPE
    public Call bind(Model loaded) {
      return binding.apply(loaded);
    }
  }

  private final Models models;
  private final int itemsMax;
  private final ProtocolSettings settings;
  private final Medium medium;

  private Calls(Models models, int itemsMax, ProtocolSettings settings, Medium medium) {
    this.models = models;
    this.itemsMax = itemsMax;
    this.settings = settings;
    this.medium = medium;
  }

  /// Makes the calls of the API; an answer that does not fit a response is refused.
  ///
  /// @param itemsMax the most items of a request
  public static Calls ofApi(Models models, int itemsMax, ProtocolSettings settings) {
    return new Calls(models, itemsMax, settings, Medium.RESPONSE);
  }

  /// Makes the calls of a batch, whose answers have any size but must be JSON.
  ///
  /// @param itemsMax the most items of a line
  public static Calls ofBatch(Models models, int itemsMax, ProtocolSettings settings) {
    return new Calls(models, itemsMax, settings, Medium.LINE);
  }

  /// Reads a request, loads its model and checks one against the other.
  ///
  /// @param truncate whether to truncate texts over the model's limit if the request does not
  ///   choose; empty if the model decides
  /// @throws Refusal as [#read], [#load] and [Unbound#bind]
  public Call of(HttpRequest request, Route route, Optional<Boolean> truncate) {
    Unbound unbound = read(request, route, truncate);
    return unbound.bind(load(unbound));
  }

  /// Reads as much of a request as its model is not needed for: the body of embeddings names the
  /// model; the body of an inference is read later, by the model's inputs.
  ///
  /// @param truncate as of [#of]
  /// @throws Refusal INVALID, also for a route that is not inference; UNSUPPORTED_MEDIA_TYPE
  public Unbound read(HttpRequest request, Route route, Optional<Boolean> truncate) {
    if (route instanceof Route.Embeddings) {
      OpenAiEmbeddings.Request asked =
          OpenAiEmbeddings.read(request, itemsMax, settings.unknownFields())
              .withDefaultTruncate(truncate);
      return new Unbound(
          asked.model(), Optional.empty(), null, model -> embeddings(request, asked, model));
    }
    if (route instanceof Route.Infer infer) {
      return new Unbound(
          infer.model(),
          infer.version(),
          null,
          model -> infer(request, truncate, infer.model(), model));
    }
    if (route instanceof Route.AtDoor door) {
      Asked asked = Doors.read(request, door, new Terms(itemsMax, settings, truncate));
      return new Unbound(
          asked.model(), Optional.empty(), asked::suits, model -> atDoor(request, asked, model));
    }
    throw Refusal.invalid(
        "url", "url is not an inference endpoint; accepted: " + Route.INFERENCE_PATHS);
  }

  /// Reads a request of a door that asks about a model.
  ///
  /// @throws Refusal INVALID, naming the field; UNSUPPORTED_MEDIA_TYPE
  public Question ask(HttpRequest request, Route.AtDoor route) {
    return Doors.ask(request, route, new Terms(itemsMax, settings, Optional.empty()));
  }

  /// Loads the model that a question is about.
  ///
  /// @throws Refusal NOT_FOUND or UNAVAILABLE
  public Model load(Question asked) {
    return asked.model().isEmpty()
        ? models.suited(asked::suits)
        : models.model(asked.model(), Optional.empty());
  }

  /// Loads the model of a request.
  ///
  /// @throws Refusal NOT_FOUND or UNAVAILABLE
  public Model load(Unbound unbound) {
    Predicate<ModelInfo> suits = unbound.suits();
    return suits == null || !unbound.model().isEmpty()
        ? models.model(unbound.model(), unbound.version())
        : models.suited(suits);
  }

  /// The deployment's rule for fields that no protocol defines.
  public UnknownFields unknownFields() {
    return settings.unknownFields();
  }

  private Call embeddings(HttpRequest request, OpenAiEmbeddings.Request asked, Model model) {
    ModelInfo info = model.info().named(asked.model());
    OpenAiEmbeddings.requireModel(asked, info);
    if (medium == Medium.RESPONSE) {
      ResponseSize.requireFits(asked, info, request, settings);
    }
    return new Call.Embeddings(model, asked, info, asked.itemsFor(model.info()));
  }

  private Call atDoor(HttpRequest request, Asked asked, Model model) {
    Bound bound = asked.bind(model.info().named(asked.model()), model.tokens());
    if (medium == Medium.RESPONSE) {
      ResponseSize.requireFits(bound.items().size(), bound.answerBytesMin(), request, settings);
    } else if (bound.recomputes()) {
      throw Refusal.invalid(
          "options.use_cache",
          "options.use_cache is false, which a line of a batch cannot choose; accepted: true");
    }
    return new Call.AtDoor(model, bound);
  }

  private Call infer(HttpRequest request, Optional<Boolean> truncate, String name, Model model) {
    InferRequest read = InferRequestReader.read(request).withDefaultTruncate(truncate);
    InferCall asked = InferBinder.bind(read, model.info().named(name), itemsMax);
    if (medium == Medium.RESPONSE) {
      ResponseSize.requireFits(asked, request, settings);
    } else {
      requireJson(asked);
    }
    return new Call.Infer(model, asked);
  }

  private static void requireJson(InferCall asked) {
    for (InferRequest.WantedOutput output : asked.outputs()) {
      if (output.binary()) {
        throw Refusal.invalid(
            "outputs",
            ("output \"%s\" is requested as binary data, which a line of JSON cannot hold;"
                    + " accepted in a batch: parameters.binary_data and"
                    + " parameters.binary_data_output false or absent")
                .formatted(output.name()));
      }
    }
  }
}

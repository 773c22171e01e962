package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.text.TokenCoder;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.Entities;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.VectorForm;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.huggingface.PipelineInputs.Kind;
import dev.pilotlight.protocol.image.ImageText;
import dev.pilotlight.protocol.image.Uploads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A request of Hugging Face's inference API: `{"inputs": …}`, or an image as bytes, to the model
/// of the path, and to its own task or to that of the path.
///
/// Source: <https://huggingface.co/docs/inference-providers/tasks/index>
///
/// @param model the model's name; empty if neither path nor body names one
/// @param task of the path; empty if it names none
/// @param truncates whether texts over the model's limit are truncated if the request does not
///   choose; empty if the task decides
/// @param recomputes whether stored answers do not count
/// @param others the fields to ignore
public record PipelineRequest(
    String model,
    Optional<PipelineTask> task,
    PipelineInputs inputs,
    PipelineParameters parameters,
    Optional<Boolean> truncates,
    boolean recomputes,
    List<OtherFields> others)
    implements Asked {
  private static final String USE_CACHE = "x-use-cache";
  private static final int TOP_OF_IMAGES = 5; // as Hugging Face's pipeline answers

  /// Reads a request.
  ///
  /// @param model of the path, from which the body's must not differ; empty if it names none
  /// @param task of the path
  /// @throws Refusal INVALID, naming the field; EMPTY without inputs; NOT_FOUND for an unknown
  ///   task; UNSUPPORTED_MEDIA_TYPE, also for an image in another format than JPEG and PNG
  public static Asked read(HttpRequest request, String model, Optional<String> task, Terms terms) {
    Optional<PipelineTask> pipeline = task.map(PipelineTask::of);
    String cache = request.header(USE_CACHE).orElse("");
    boolean recomputes = cache.equals("false") || cache.equals("0");
    Optional<Item.Image> image = Uploads.read(request);
    if (image.isPresent()) {
      PipelineInputs inputs = PipelineInputs.upload(image.get());
      return new PipelineRequest(
          model,
          pipeline,
          inputs,
          PipelineParameters.NONE,
          Optional.empty(),
          recomputes,
          List.of());
    }
    MediaTypes.requireJson(request, Uploads.ACCEPTED_TYPES);
    PipelineReader.Body body = request.readJson(json -> new PipelineReader(json, terms).read());
    requireSameModel(model, body.model());
    return new PipelineRequest(
        model.isEmpty() ? body.model() : model,
        pipeline,
        body.inputs(),
        body.parameters(),
        terms.truncate(),
        !body.usesCache() || recomputes,
        body.others());
  }

  private static void requireSameModel(String path, String body) {
    if (!path.isEmpty() && !body.isEmpty() && !path.equals(body)) {
      throw Refusal.invalid(
          PipelineReader.MODEL,
          "model is '%s', but the path names %s; accepted: the same name, or no value"
              .formatted(body, path));
    }
  }

  @Override
  public boolean suits(ModelInfo info) {
    if (task.isPresent()) {
      return task.get().suits(info);
    }
    if (inputs.kind() == Kind.UPLOAD) {
      return info.takesImages();
    }
    return info.task() == Task.EMBEDDING
        || (inputs.kind() != Kind.SENTENCES
            && (info.task() == Task.TEXT_CLASSIFICATION
                || info.task() == Task.TOKEN_CLASSIFICATION
                || info.task() == Task.FILL_MASK));
  }

  @Override
  public Bound bind(ModelInfo info) {
    throw new IllegalStateException("targets are tokens of the model's tokenizer");
  }

  @Override
  public Bound bind(ModelInfo info, TokenCoder tokens) {
    PipelineTask its = taskFor(info);
    its.require(info);
    requireInputs(its);
    parameters.require(its);
    if (parameters.side().isPresent()) {
      parameters.side().get().require(ParameterReader.SIDE, info);
    }
    List<Item> items = its.takesImages() ? images() : texts(its, info);
    return switch (its) {
      case FEATURE_EXTRACTION, IMAGE_FEATURE_EXTRACTION -> {
        VectorForm form = new VectorForm(parameters.normalise(), parameters.dimensions());
        form.require(info, ParameterReader.NORMALIZE);
        yield new Features(this, info, items, form);
      }
      case SENTENCE_SIMILARITY -> new SentenceScores(this, items);
      case TEXT_CLASSIFICATION -> classes(info, items, parameters.top(), false);
      case IMAGE_CLASSIFICATION -> {
        int top = parameters.top() == 0 ? TOP_OF_IMAGES : parameters.top();
        yield classes(info, items, top, !inputs.listed());
      }
      case TOKEN_CLASSIFICATION -> {
        Entities entities =
            new Entities(
                info.labels().orElseThrow(),
                tokens.joiner(),
                parameters.aggregation(),
                parameters.ignored());
        yield new TokenEntities(this, entities, items);
      }
      case FILL_MASK -> FilledMasks.of(this, info, items, tokens);
    };
  }

  private PipelineTask taskFor(ModelInfo info) {
    if (task.isPresent()) {
      return task.get();
    }
    if (inputs.kind() == Kind.SENTENCES) {
      return PipelineTask.SENTENCE_SIMILARITY;
    }
    return switch (info.task()) {
      case TEXT_CLASSIFICATION -> PipelineTask.TEXT_CLASSIFICATION;
      case TOKEN_CLASSIFICATION -> PipelineTask.TOKEN_CLASSIFICATION;
      case FILL_MASK -> PipelineTask.FILL_MASK;
      case IMAGE_CLASSIFICATION -> PipelineTask.IMAGE_CLASSIFICATION;
      case IMAGE_EMBEDDING -> PipelineTask.IMAGE_FEATURE_EXTRACTION;
      case EMBEDDING, SPARSE_EMBEDDING, TENSORS -> PipelineTask.FEATURE_EXTRACTION;
    };
  }

  private void requireInputs(PipelineTask its) {
    boolean sentences = inputs.kind() == Kind.SENTENCES;
    if (sentences != (its == PipelineTask.SENTENCE_SIMILARITY)) {
      throw Refusal.invalid(
          PipelineInputs.FIELD,
          "inputs does not fit the task %s; accepted: %s"
              .formatted(
                  its.wireName(),
                  sentences
                      ? "a string, or an array of strings"
                      : "{\"source_sentence\": …, \"sentences\": […]}"));
    }
  }

  private Classes classes(ModelInfo info, List<Item> items, int top, boolean flat) {
    Classes classes = new Classes(this, info.labels().orElseThrow(), items, top, flat);
    classes.requireFunction(info);
    return classes;
  }

  private List<Item> images() {
    List<Item> items = new ArrayList<>(inputs.items().size());
    for (int i = 0; i < inputs.items().size(); i++) {
      items.add(
          switch (inputs.items().get(i)) {
            case Item.Image image -> image;
            case Item.Text text -> ImageText.read(field(i), text.text());
            default ->
                throw Refusal.invalid(
                    field(i),
                    "%s is a pair of texts; accepted: %s".formatted(field(i), ImageText.ACCEPTED));
          });
    }
    return items;
  }

  private List<Item> texts(PipelineTask its, ModelInfo info) {
    boolean classifies = its == PipelineTask.TEXT_CLASSIFICATION;
    boolean asModel = classifies || its == PipelineTask.FILL_MASK;
    boolean otherwise = truncates.orElse(!asModel || info.policy().truncates());
    boolean truncate = parameters.truncate().orElse(otherwise);
    List<Item> items = new ArrayList<>(inputs.items().size());
    for (int i = 0; i < inputs.items().size(); i++) {
      Item item = inputs.items().get(i);
      if (item instanceof Item.Image) {
        throw Refusal.unsuited(
            "the body is an image, and model %s takes texts; accepted: a model that takes images"
                .formatted(info.name()));
      }
      if (item instanceof Item.Pair && !classifies) {
        throw Refusal.invalid(
            field(i),
            "%s is a pair of texts; accepted for %s: one text".formatted(field(i), its.wireName()));
      }
      items.add(item.withTruncate(truncate));
    }
    PromptName prompt = parameters.prompt();
    return prompt == null ? items : prompt.requiredBefore(items, info);
  }

  String field(int index) {
    return inputs.field(index);
  }

  /// The response with the ignored fields' names in its header, if there are any.
  HttpResponse name(HttpResponse response) {
    return OtherFields.name(response, others);
  }
}

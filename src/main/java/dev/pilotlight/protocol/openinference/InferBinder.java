package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.image.Uploads;
import dev.pilotlight.protocol.openinference.InferRequest.Inputs;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import dev.pilotlight.support.Utf8;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Binds a request to its model.
///
/// A model with a tokenizer takes one BYTES input `text` of shape `[n]` or `[n,1]`: n items. A
/// classifier also takes `text_pair` with it, as many second texts: n items of two texts. A model
/// of images takes one BYTES input `image` likewise. All take their graph's own inputs, too, as a
/// model without tokenizer does: one item.
public final class InferBinder {
  private InferBinder() {}

  /// Binds a request to the model that its path leads to.
  ///
  /// @param itemsMax the most texts a request may hold
  /// @throws Refusal INVALID where request and model do not fit, naming both sides; TOO_LARGE over
  ///   the limit
  public static InferCall bind(InferRequest request, ModelInfo model, int itemsMax) {
    requireSame("model_name", request.modelName(), model.name());
    requireSame("model_version", request.modelVersion(), model.version());
    boolean truncate = request.truncate().orElse(model.policy().truncates());
    return switch (request.inputs()) {
      case Inputs.Raw(byte[] data) -> raw(request, model, data, truncate);
      case Inputs.Named(List<Tensor> tensors) ->
          model.takesText() && isText(tensors, model)
              ? texts(request, model, tensors, truncate, itemsMax)
              : model.takesImages() && place(tensors, ModelInfo.IMAGE_INPUT) >= 0
                  ? images(request, model, tensors, itemsMax)
                  : tensors(request, model, GraphInputs.inOrder(tensors, model));
    };
  }

  private static InferCall images(
      InferRequest request, ModelInfo model, List<Tensor> tensors, int itemsMax) {
    int at = place(tensors, ModelInfo.IMAGE_INPUT);
    return text(request, model, InferImages.of(tensors, elements(tensors, at, itemsMax), at), at);
  }

  private static boolean isText(List<Tensor> tensors, ModelInfo model) {
    return place(tensors, ModelInfo.TEXT_INPUT) >= 0
        || (model.takesPairs() && place(tensors, ModelInfo.PAIR_INPUT) >= 0);
  }

  private static InferCall raw(
      InferRequest request, ModelInfo model, byte[] data, boolean truncate) {
    if (model.takesImages()) {
      return text(request, model, List.of(Uploads.image("body", "", data)), 0);
    }
    return model.takesText()
        ? text(request, model, List.of(new Item.Text(decode("body", data), truncate)), 0)
        : tensors(request, model, List.of(GraphInputs.ofRaw(model, data)));
  }

  private static InferCall text(
      InferRequest request, ModelInfo model, List<Item> items, int textAt) {
    List<WantedOutput> outputs = WantedOutputs.of(request, model.outputs(), model.usualOutputs());
    return new InferCall(request.id(), model, prompted(request, items, model), outputs, textAt);
  }

  private static List<Item> prompted(InferRequest request, List<Item> items, ModelInfo model) {
    return request.promptName().isPresent()
        ? request.promptName().get().requiredBefore(items, model)
        : items;
  }

  private static InferCall tensors(InferRequest request, ModelInfo model, List<Tensor> inputs) {
    List<WantedOutput> outputs = WantedOutputs.ofGraph(request, model);
    List<String> wanted = outputs.stream().map(WantedOutput::name).toList();
    List<String> inGraphOrder =
        model.graphOutputs().stream().map(TensorSpec::name).filter(wanted::contains).toList();
    List<Item> items = List.of(new Item.Tensors(inputs, inGraphOrder));
    return new InferCall(request.id(), model, prompted(request, items, model), outputs);
  }

  private static void requireSame(String field, Optional<String> given, String actual) {
    if (given.isPresent() && !given.get().equals(actual)) {
      throw Refusal.invalid(
          field, "%s is \"%s\", but the path names \"%s\"".formatted(field, given.get(), actual));
    }
  }

  /// One item per element of `text`, in order; each a pair with the element of `text_pair`, if the
  /// request has that, too.
  private static InferCall texts(
      InferRequest request, ModelInfo model, List<Tensor> tensors, boolean truncate, int itemsMax) {
    requireKnown(tensors, model);
    int at = place(tensors, ModelInfo.TEXT_INPUT);
    if (at < 0) {
      throw Refusal.invalid(
          "inputs",
          "input \"text\" is missing; \"text_pair\" takes the second texts of pairs, and \"text\""
              + " the first");
    }
    List<byte[]> first = elements(tensors, at, itemsMax);
    int pairAt = place(tensors, ModelInfo.PAIR_INPUT);
    if (pairAt >= 0) {
      List<byte[]> second = elements(tensors, pairAt, itemsMax);
      requireAsMany(tensors.get(pairAt), pairAt, first.size(), second.size());
      List<Item> pairs = new ArrayList<>(first.size());
      for (int i = 0; i < first.size(); i++) {
        String one = decode(at, i, first.get(i));
        pairs.add(new Item.Pair(one, decode(pairAt, i, second.get(i)), truncate));
      }
      return text(request, model, pairs, at);
    }
    List<Item> items = new ArrayList<>(first.size());
    for (byte[] utf8 : first) {
      items.add(new Item.Text(decode(at, items.size(), utf8), truncate));
    }
    return text(request, model, items, at);
  }

  private static void requireAsMany(Tensor pair, int at, int firsts, int seconds) {
    if (firsts != seconds) {
      String path = "inputs[%d].shape".formatted(at);
      throw Refusal.invalid(
          path,
          "%s is %s, and \"text\" has %d texts; \"text_pair\" takes as many"
              .formatted(path, Arrays.toString(pair.shape()), firsts));
    }
  }

  /// The elements of a list of texts.
  private static List<byte[]> elements(List<Tensor> tensors, int at, int itemsMax) {
    Tensor text = tensors.get(at);
    if (text.datatype() != Datatype.BYTES) {
      String path = "inputs[%d].datatype".formatted(at);
      throw Refusal.invalid(
          path, "%s is %s; \"%s\" takes BYTES".formatted(path, text.datatype(), text.name()));
    }
    requireShape(at, text, itemsMax);
    return text.bytes();
  }

  private static String decode(int input, int element, byte[] utf8) {
    Optional<String> text = Utf8.decode(utf8);
    // the path is made for a refusal only
    return utf8.length > 0 && text.isPresent()
        ? text.get()
        : decode("inputs[%d].data[%d]".formatted(input, element), utf8);
  }

  /// Decodes a text: not empty, U+0000 allowed, nothing replaced.
  ///
  /// @param path of the bytes in the request
  private static String decode(String path, byte[] utf8) {
    if (utf8.length == 0) {
      throw Refusal.invalid(path, path + " is empty; a text of at least one character is accepted");
    }
    return Utf8.decode(utf8)
        .orElseThrow(() -> Refusal.invalid(path, path + " is not UTF-8, as a text must be"));
  }

  private static int place(List<Tensor> tensors, String name) {
    for (int i = 0; i < tensors.size(); i++) {
      if (tensors.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static void requireKnown(List<Tensor> tensors, ModelInfo model) {
    for (int i = 0; i < tensors.size(); i++) {
      String name = tensors.get(i).name();
      boolean pair = name.equals(ModelInfo.PAIR_INPUT);
      if (name.equals(ModelInfo.TEXT_INPUT) || (pair && model.takesPairs())) {
        continue;
      }
      String path = "inputs[%d].name".formatted(i);
      throw Refusal.invalid(
          path,
          "%s is \"%s\"; %s"
              .formatted(
                  path,
                  name,
                  pair
                      ? "model %s takes one text an item, not a pair".formatted(model.name())
                      : "\"text\" takes no other input next to it"));
    }
  }

  private static void requireShape(int at, Tensor text, int itemsMax) {
    long[] shape = text.shape();
    boolean list = shape.length == 1 || (shape.length == 2 && shape[1] == 1);
    if (!list || shape[0] == 0) {
      String path = "inputs[%d].shape".formatted(at);
      throw Refusal.invalid(
          path,
          "%s is %s; \"%s\" takes [n] or [n, 1] with n from 1 to %d"
              .formatted(path, Arrays.toString(shape), text.name(), itemsMax));
    }
    if (shape[0] > itemsMax) {
      throw Refusal.tooLarge(
          "inputs[%d].shape".formatted(at),
          "inputs[%d] holds %d %ss; accepted: up to %d; send several requests, or use a batch"
              .formatted(
                  at,
                  shape[0],
                  text.name().equals(ModelInfo.IMAGE_INPUT) ? "image" : "text",
                  itemsMax));
    }
  }
}

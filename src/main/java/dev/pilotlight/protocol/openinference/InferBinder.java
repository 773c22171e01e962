package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.openinference.InferRequest.Inputs;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import dev.pilotlight.support.Utf8;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Binds a request to its model.
///
/// A model with a tokenizer takes one BYTES input `text` of shape `[n]` or `[n,1]`: n items. It
/// also takes its graph's own inputs, as a model without tokenizer does: one item.
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
          model.takesText() && isText(tensors)
              ? text(request, model, items(tensors, truncate, itemsMax))
              : tensors(request, model, GraphInputs.inOrder(tensors, model));
    };
  }

  private static boolean isText(List<Tensor> tensors) {
    return tensors.stream().anyMatch(tensor -> tensor.name().equals(ModelInfo.TEXT_INPUT));
  }

  private static InferCall raw(
      InferRequest request, ModelInfo model, byte[] data, boolean truncate) {
    return model.takesText()
        ? text(request, model, List.of(new Item.Text(decode("body", data), truncate)))
        : tensors(request, model, List.of(GraphInputs.ofRaw(model, data)));
  }

  private static InferCall text(InferRequest request, ModelInfo model, List<Item> items) {
    List<WantedOutput> outputs = WantedOutputs.of(request, model.outputs());
    return new InferCall(request.id(), model, items, outputs);
  }

  private static InferCall tensors(InferRequest request, ModelInfo model, List<Tensor> inputs) {
    List<WantedOutput> outputs = WantedOutputs.ofGraph(request, model);
    List<String> wanted = outputs.stream().map(WantedOutput::name).toList();
    List<String> inGraphOrder =
        model.graphOutputs().stream().map(TensorSpec::name).filter(wanted::contains).toList();
    Item item = new Item.Tensors(inputs, inGraphOrder);
    return new InferCall(request.id(), model, List.of(item), outputs);
  }

  private static void requireSame(String field, Optional<String> given, String actual) {
    if (given.isPresent() && !given.get().equals(actual)) {
      throw Refusal.invalid(
          field, "%s is \"%s\", but the path names \"%s\"".formatted(field, given.get(), actual));
    }
  }

  /// One item per element, in order.
  private static List<Item> items(List<Tensor> tensors, boolean truncate, int itemsMax) {
    Tensor text = only(tensors);
    if (text.datatype() != Datatype.BYTES) {
      throw Refusal.invalid(
          "inputs[0].datatype",
          "inputs[0].datatype is %s; \"text\" takes BYTES".formatted(text.datatype()));
    }
    requireShape(text.shape(), itemsMax);
    List<Item> items = new ArrayList<>();
    for (byte[] utf8 : text.bytes()) {
      String path = "inputs[0].data[%d]".formatted(items.size());
      items.add(new Item.Text(decode(path, utf8), truncate));
    }
    return items;
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

  private static Tensor only(List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      if (!tensors.get(i).name().equals(ModelInfo.TEXT_INPUT)) {
        String path = "inputs[%d].name".formatted(i);
        throw Refusal.invalid(
            path,
            "%s is \"%s\"; \"text\" takes no other input next to it"
                .formatted(path, tensors.get(i).name()));
      }
    }
    return tensors.getFirst();
  }

  private static void requireShape(long[] shape, int itemsMax) {
    boolean list = shape.length == 1 || (shape.length == 2 && shape[1] == 1);
    if (!list || shape[0] == 0) {
      throw Refusal.invalid(
          "inputs[0].shape",
          "inputs[0].shape is %s; \"text\" takes [n] or [n, 1] with n from 1 to %d"
              .formatted(Arrays.toString(shape), itemsMax));
    }
    if (shape[0] > itemsMax) {
      throw Refusal.tooLarge(
          "inputs[0].shape",
          "inputs[0] holds %d texts; accepted: up to %d; send several requests, or use a batch"
              .formatted(shape[0], itemsMax));
    }
  }
}

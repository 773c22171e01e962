package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes items of the input `text`.
final class TextInput {
  private TextInput() {}

  /// One item per element, in order.
  static List<Item> items(List<Tensor> tensors, boolean truncate, int itemsMax) {
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

  /// The text of UTF-8 bytes: not empty, U+0000 allowed, nothing replaced.
  ///
  /// @param path where they are from
  static String decode(String path, byte[] utf8) {
    if (utf8.length == 0) {
      throw Refusal.invalid(path, path + " is empty; a text of at least one character is accepted");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.invalid(path, path + " is not UTF-8, which is what a text must be");
    }
  }

  private static Tensor only(List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      if (!tensors.get(i).name().equals(ModelInfo.TEXT_INPUT)) {
        String path = "inputs[%d].name".formatted(i);
        throw Refusal.invalid(
            path,
            "%s is \"%s\"; \"text\" takes no other input beside it"
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
          "inputs[0] holds %d texts; up to %d are accepted in a request: send several, or a batch"
              .formatted(shape[0], itemsMax));
    }
  }
}

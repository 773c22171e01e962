package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.image.ImageFormat;
import dev.pilotlight.protocol.image.ImageText;
import dev.pilotlight.protocol.image.Uploads;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The images of an inference request: a BYTES input `image` of shape `[n]` or `[n, 1]`. An element
/// is a JPEG or PNG file, as binary data has it, or its base64 or data URL, as JSON must have it.
final class InferImages {
  private InferImages() {}

  /// One item per element, in order.
  ///
  /// @param elements of the input
  /// @param at the place of the input
  /// @throws Refusal INVALID for other inputs next to it, and as [Uploads#image] and
  ///   [ImageText#read]
  static List<Item> of(List<Tensor> tensors, List<byte[]> elements, int at) {
    requireAlone(tensors);
    List<Item> items = new ArrayList<>(elements.size());
    for (byte[] element : elements) {
      items.add(image("inputs[%d].data[%d]".formatted(at, items.size()), element));
    }
    return items;
  }

  private static void requireAlone(List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      if (!tensors.get(i).name().equals(ModelInfo.IMAGE_INPUT)) {
        String path = "inputs[%d].name".formatted(i);
        throw Refusal.invalid(
            path,
            "%s is \"%s\"; \"image\" takes no other input next to it"
                .formatted(path, tensors.get(i).name()));
      }
    }
  }

  /// JPEG and PNG files do not begin as base64 does.
  private static Item.Image image(String field, byte[] element) {
    return element.length == 0 || ImageFormat.of(element).isPresent() || !isAscii(element)
        ? Uploads.image(field, "", element)
        : ImageText.read(field, new String(element, StandardCharsets.US_ASCII));
  }

  private static boolean isAscii(byte[] element) {
    for (byte value : element) {
      if (value < 0) {
        return false;
      }
    }
    return true;
  }
}

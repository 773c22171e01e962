package dev.pilotlight.protocol.openai;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.image.ImageText;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Request;
import java.util.ArrayList;
import java.util.List;

/// The images of a request for embeddings, each a text in `input`: a data URL or base64, as clients
/// of infinity send them. The class loads with the first request to a model of images.
final class ImageItems {
  private ImageItems() {}

  /// @throws Refusal as [ImageText#read]; INVALID for token ids
  static List<Item> of(Request request) {
    List<Item> images = new ArrayList<>(request.items().size());
    for (Item item : request.items()) {
      String field = request.field(images.size());
      if (!(item instanceof Item.Text text)) {
        throw Refusal.invalid(
            field,
            "%s holds token ids, not an image; accepted: %s".formatted(field, ImageText.ACCEPTED));
      }
      images.add(ImageText.read(field, text.text()));
    }
    return images;
  }
}

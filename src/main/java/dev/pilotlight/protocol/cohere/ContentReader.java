package dev.pilotlight.protocol.cohere;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads an element of `inputs`: `{"content":[{"type":"text","text":"…"}]}`, or
/// `{"content":[{"type":"image_url","image_url":{"url":"data:…"}}]}`. How Cohere makes one vector of
/// several parts is not published, so an input has one. Not thread-safe; used once.
final class ContentReader {
  private static final String ACCEPTED = "one text or image_url";

  /// The part of an input.
  ///
  /// @param text a text, or the URL of an image
  record Content(String text, boolean isImage) {}

  private final JsonReader json;
  private @Nullable Content content;

  ContentReader(JsonReader json) {
    this.json = json;
  }

  /// @throws Refusal INVALID unless the input under the cursor has one part
  Content read() throws IOException {
    String path = json.path();
    json.object(this::input);
    if (content == null) {
      throw Refusal.invalid(
          path + ".content", path + ".content is missing or empty; accepted: " + ACCEPTED);
    }
    return content;
  }

  private void input(String name) throws IOException {
    if (!name.equals("content")) {
      throw json.unknownField("content");
    }
    json.array(
        index -> {
          if (index > 0) {
            throw Refusal.invalid(
                json.path(), json.path() + " is a second part of an input; accepted: " + ACCEPTED);
          }
          content = part();
        });
  }

  private Content part() throws IOException {
    String path = json.path();
    @Nullable String[] found = new @Nullable String[3];
    json.object(
        name -> {
          switch (name) {
            case "type" -> found[0] = type();
            case "text" -> found[1] = text();
            case "image_url" -> json.object(field -> found[2] = url(field));
            default -> throw json.unknownField("type, text, image_url");
          }
        });
    boolean isImage = found[0] == null ? found[1] == null : found[0].equals("image_url");
    String text = isImage ? found[2] : found[1];
    String name = path + (isImage ? ".image_url.url" : ".text");
    if (text == null) {
      throw Refusal.invalid(name, name + " is missing; accepted: a string");
    }
    if ((isImage ? found[1] : found[2]) != null) {
      throw Refusal.invalid(path, path + " has a text and an image; accepted: " + ACCEPTED);
    }
    return new Content(text, isImage);
  }

  private String type() throws IOException {
    String type = json.string();
    if (!type.equals("text") && !type.equals("image_url")) {
      throw Refusal.invalid(
          json.path(),
          "%s is '%s'; accepted: text, image_url".formatted(json.path(), Text.shorten(type)));
    }
    return type;
  }

  private String url(String field) throws IOException {
    if (!field.equals("url")) {
      throw json.unknownField("url");
    }
    return text();
  }

  private String text() throws IOException {
    return json.text("a string that is not empty");
  }
}

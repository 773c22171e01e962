package dev.pilotlight.protocol.cohere;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads an element of `inputs`: `{"content":[{"type":"text","text":"…"}]}`, or
/// `{"content":[{"type":"image_url","image_url":{"url":"data:…"}}]}`. How Cohere makes one vector
/// of several parts is not published, so an input has one. Not thread-safe; used once.
final class ContentReader {
  private static final String IMAGE = "image_url";
  private static final String ACCEPTED = "one text or image_url";

  /// The part of an input.
  ///
  /// @param text a text, or the URL of an image
  record Content(String text, boolean isImage) {
    /// Does not show the caller's text.
    @Override
    public String toString() {
      return isImage ? "image" : "text";
    }
  }

  private final JsonReader json;
  private @Nullable Content content;
  private @Nullable String type;
  private @Nullable String text;
  private @Nullable String url;

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
    json.object(this::partField);
    boolean isImage = type == null ? url != null : type.equals(IMAGE);
    String found = isImage ? url : text;
    String field = path + (isImage ? ".image_url.url" : ".text");
    if (found == null || found.isEmpty()) {
      throw Refusal.invalid(field, field + " is missing; accepted: a string");
    }
    if (text != null && url != null) {
      throw Refusal.invalid(path, path + " has a text and an image; accepted: " + ACCEPTED);
    }
    return new Content(found, isImage);
  }

  private void partField(String name) throws IOException {
    switch (name) {
      case "type" -> type = type();
      case "text" -> text = text();
      case IMAGE -> {
        url = "";
        json.object(this::urlField);
      }
      default -> throw json.unknownField("type, text, image_url");
    }
  }

  private void urlField(String name) throws IOException {
    if (!name.equals("url")) {
      throw json.unknownField("url");
    }
    url = text();
  }

  private String type() throws IOException {
    String name = json.string();
    if (!name.equals("text") && !name.equals(IMAGE)) {
      throw Refusal.invalid(
          json.path(),
          "%s is '%s'; accepted: text, image_url".formatted(json.path(), Text.shorten(name)));
    }
    return name;
  }

  private String text() throws IOException {
    return json.text("a string that is not empty");
  }
}

package dev.pilotlight.handler.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.io.ByteArrayOutputStream;
import java.util.Base64;

/// Requests with images.
final class ImageRequests {
  private static final String BOUNDARY = "----f0rm";

  private ImageRequests() {}

  /// The answer to a request that must have one.
  static Harness.Reply answer(Harness api, TestRequest request) {
    Harness.Reply reply = api.send(request.event());
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply;
  }

  static TestRequest raw(String path, String type, byte[] image) {
    TestRequest request = TestRequest.post(path, image);
    return type.isEmpty() ? request : request.with("content-type", type);
  }

  /// A form with one file, as curl's `-F data=@file` sends it.
  static TestRequest upload(String path, byte[] image) {
    return form(path, part("data", "image/png", image));
  }

  static TestRequest form(String path, byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(TestRequest.utf8("--" + BOUNDARY + "\r\n"));
      out.writeBytes(part);
      out.writeBytes(TestRequest.utf8("\r\n"));
    }
    out.writeBytes(TestRequest.utf8("--" + BOUNDARY + "--\r\n"));
    return raw(path, "multipart/form-data; boundary=" + BOUNDARY, out.toByteArray());
  }

  /// A part of a form.
  ///
  /// @param type empty for none
  static byte[] part(String name, String type, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String head = "Content-Disposition: form-data; name=\"" + name + "\"; filename=\"f\"\r\n";
    String declared = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
    out.writeBytes(TestRequest.utf8(head + declared + "\r\n"));
    out.writeBytes(content);
    return out.toByteArray();
  }

  static String base64(byte[] image) {
    return Base64.getEncoder().encodeToString(image);
  }

  static String dataUrl(byte[] image) {
    return "data:image/png;base64," + base64(image);
  }
}

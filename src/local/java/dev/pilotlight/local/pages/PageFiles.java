package dev.pilotlight.local.pages;

import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.LocalServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// The files of the pages, read from the project's directory for each request: a change shows when
/// the page is loaded again. Only the files that are listed here are served.
final class PageFiles {
  private static final Path PLAYGROUND = Path.of("src/local/pages");
  private static final String HTML = "text/html; charset=utf-8";
  private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

  /// A file and its media type.
  private record PageFile(Path path, String type) {}

  private static final Map<String, PageFile> FILES =
      Map.ofEntries(
          Map.entry("/", playground("playground.html", HTML)),
          Map.entry("/playground/page.css", playground("page.css", "text/css; charset=utf-8")),
          Map.entry("/playground/icon.svg", playground("icon.svg", "image/svg+xml")),
          script("app"),
          script("api"),
          script("batch"),
          script("batches"),
          script("code"),
          script("parts"),
          script("tasks"),
          script("views"),
          Map.entry("/calculator", new PageFile(Path.of("docs/calculator/index.html"), HTML)));

  private PageFiles() {}

  private static PageFile playground(String name, String type) {
    return new PageFile(PLAYGROUND.resolve(name), type);
  }

  private static Map.Entry<String, PageFile> script(String name) {
    return Map.entry("/playground/" + name + ".js", playground(name + ".js", JAVASCRIPT));
  }

  /// Whether there is such a file.
  static boolean has(String path) {
    return Optional.ofNullable(FILES.get(path)).filter(it -> Files.exists(it.path)).isPresent();
  }

  /// Sends the file of a path that [#has] it.
  ///
  /// @param head whether only the headers are asked for
  static void send(String path, boolean head, Response response, Callback callback) {
    PageFile file = FILES.get(path);
    try {
      byte[] body = Files.readAllBytes(Objects.requireNonNull(file).path);
      var headers = response.getHeaders();
      headers.put("content-type", file.type);
      headers.put("content-length", body.length);
      headers.put("cache-control", "no-store");
      headers.put("x-content-type-options", "nosniff");
      headers.put("referrer-policy", "no-referrer");
      headers.put("cross-origin-opener-policy", "same-origin");
      headers.put("cross-origin-resource-policy", "same-origin");
      if (file.type.equals(HTML)) {
        headers.put("vary", "accept");
        headers.put("x-frame-options", "DENY");
        headers.put(
            "content-security-policy", ContentPolicy.of(new String(body, StandardCharsets.UTF_8)));
      }
      response.setStatus(200);
      response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(body), callback);
    } catch (IOException e) {
      byte[] reason = Json.object("message", "the file cannot be read: " + e.getMessage());
      LocalServer.send(response, callback, 500, reason);
    }
  }
}

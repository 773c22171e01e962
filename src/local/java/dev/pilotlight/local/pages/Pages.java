package dev.pilotlight.local.pages;

import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.LocalServer;
import java.util.Locale;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// The playground at `/` for browsers, its files and batches below `/playground/`, and the
/// calculator at `/calculator`. Thread-safe.
public final class Pages implements Request.Handler {
  private static final String ROOT = "/";

  private final BatchInbox inbox;
  private final Request.Handler next;

  /// @param next gets all other requests
  public Pages(BatchInbox inbox, Request.Handler next) {
    this.inbox = inbox;
    this.next = next;
  }

  /// `/` is the playground for browsers only.
  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getPath();
    if (path.startsWith(BatchInbox.PATH)) {
      start(callback, () -> inbox.handle(request, response, callback));
      return true;
    }
    boolean head = request.getMethod().equals("HEAD");
    boolean reads = head || request.getMethod().equals("GET");
    if (!reads || !PageFiles.has(path) || (path.equals(ROOT) && !wantsHtml(request))) {
      return next.handle(request, response, callback);
    }
    start(callback, () -> PageFiles.send(path, head, response, callback));
    return true;
  }

  /// Files and S3 block, and the server's threads must not.
  private static void start(Callback callback, Runnable answer) {
    var _ =
        Thread.startVirtualThread(
            () -> {
              try {
                answer.run();
              } catch (RuntimeException e) {
                callback.failed(e);
              }
            });
  }

  /// Whether `Accept` names `text/html`, as browsers have it and programs do not.
  static boolean wantsHtml(Request request) {
    for (String line : request.getHeaders().getValuesList("accept")) {
      for (String range : line.toLowerCase(Locale.ROOT).split(",", -1)) {
        String[] parts = range.split(";", -1);
        if (parts[0].strip().equals("text/html") && !isRefused(parts)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isRefused(String[] parts) {
    for (String part : parts) {
      if (part.strip().matches("q=0(\\.0{0,3})?")) {
        return true;
      }
    }
    return false;
  }

  static void refuse(Response response, Callback callback, int status, String message) {
    LocalServer.send(response, callback, status, Json.object("message", message));
  }
}

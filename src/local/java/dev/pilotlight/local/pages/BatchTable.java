package dev.pilotlight.local.pages;

import dev.pilotlight.cli.batches.BatchForms;
import dev.pilotlight.cli.batches.BatchList;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.LocalServer;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.json.JsonBytes;
import java.time.Instant;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// The batches of the local runner for the playground; same data as `pilotlight batches --local`.
/// Thread-safe.
///
/// | route | answer |
/// |---|---|
/// | `GET /playground/batches/` | `{"batches":[…],"more"}`: the newest [#SHOWN] |
/// | `POST /playground/batches/cancel?key=K` | `{"key"}` |
/// | `POST /playground/batches/retry?key=K` | `{"key"}` |
record BatchTable(Place place) {
  private static final int SHOWN = 50;

  /// Answers with the list.
  void list(Response response, Callback callback) {
    try {
      BatchList.Found found = new BatchList(place).find("", Set.of(), SHOWN);
      Instant now = Instant.now();
      JsonBytes json = new JsonBytes().object().name("batches").array();
      found.rows().forEach(row -> BatchForms.write(json, row, now));
      json.endArray().field("more", found.unread()).endObject();
      LocalServer.send(response, callback, 200, json.toByteArray());
    } catch (Refused e) {
      Pages.refuse(response, callback, 502, String.valueOf(e.getMessage()));
    } catch (LoadFailure e) {
      Pages.refuse(response, callback, 502, e.reason());
    }
  }

  /// Cancels or retries the batch that the query names.
  ///
  /// @param verb `cancel` or `retry`
  void change(String verb, Request request, Response response, Callback callback)
      throws InterruptedException {
    @Nullable String key = Request.extractQueryParameters(request).getValue("key");
    if (key == null || key.isEmpty()) {
      Pages.refuse(response, callback, 400, "the query has no key; accepted: ?key= and a key");
      return;
    }
    try {
      BatchList batches = new BatchList(place);
      if (verb.equals("cancel")) {
        batches.cancel(key);
      } else {
        batches.retry(key, true);
      }
      LocalServer.send(response, callback, 200, Json.object("key", key));
    } catch (Refused e) {
      Pages.refuse(response, callback, 409, String.valueOf(e.getMessage()));
    } catch (LoadFailure e) {
      Pages.refuse(response, callback, 502, e.reason());
    }
  }
}

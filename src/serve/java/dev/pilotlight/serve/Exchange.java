package dev.pilotlight.serve;

import dev.pilotlight.call.Doors;
import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.handler.Api;
import dev.pilotlight.handler.Invocation;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.LambdaEvents;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.openinference.MetadataWriter;
import dev.pilotlight.support.Log;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// One request and its response. Threads use it in turn, never at the same time.
final class Exchange implements Callback {
  /// Longer than any deadline that the settings allow, so the settings decide.
  private static final Duration REMAINING = Duration.ofMinutes(20);

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int REQUEST_TIMEOUT = 408;
  private static final int BAD_REQUEST = 400;
  private static final int UNAVAILABLE = 503;
  private static final byte[] NO_BODY = {};

  private final long begun = System.nanoTime();
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Api api;
  private final Cors cors;
  private final Traffic traffic;
  private final SlowHeads heads;
  private final Log log;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Later later = new Later();
  private @Nullable Runnable release;
  private long bytesIn;
  private int bytesOut;

  Exchange(
      Request request,
      Response response,
      Callback callback,
      Api api,
      Cors cors,
      Traffic traffic,
      SlowHeads heads,
      Log log) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.api = api;
    this.cors = cors;
    this.traffic = traffic;
    this.heads = heads;
    this.log = log;
  }

  /// Work that follows the answer.
  private static final class Later implements Afterwards {
    private final List<Runnable> work = new ArrayList<>();
    private final Deadline end = Deadline.in(REMAINING);
    private volatile boolean accepted;

    @Override
    public void add(Runnable more) {
      work.add(more);
    }

    @Override
    public boolean isAccepted() {
      return accepted;
    }

    @Override
    public Deadline end() {
      return end;
    }
  }

  void begin() {
    traffic.begin();
    heads.begin(connection());
  }

  private Connection connection() {
    return request.getConnectionMetaData().getConnection();
  }

  /// Counts what was read of the body.
  void received(long bytes) {
    bytesIn = bytes;
  }

  /// Runs once the answer is made, or cannot be made.
  void release(Runnable bytes) {
    release = bytes;
  }

  private void release() {
    Runnable bytes = release;
    release = null;
    if (bytes != null) {
      bytes.run();
    }
  }

  /// Does work for this exchange. If it throws, only this exchange fails: the thread may be serving
  /// another connection.
  void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      log.error("a request was not answered", e);
      failed(e);
    }
  }

  /// Has the API answer.
  void answer(HttpRequest read) {
    send(answerOf(read));
  }

  private HttpResponse answerOf(HttpRequest read) {
    try {
      Invocation invocation = new Invocation(read.requestId(), null, REMAINING, later);
      return api.answer(LambdaEvents.without(read), invocation);
    } catch (RuntimeException | Error e) {
      log.error("a request got no answer", e, "requestId", read.requestId());
      return failed(e, read);
    }
  }

  private static HttpResponse failed(Throwable failure, HttpRequest head) {
    return withId(Doors.failed(failure, head), head);
  }

  private static HttpResponse withId(HttpResponse answer, HttpRequest head) {
    return answer.with(ResponseHeaders.REQUEST_ID, ResponseHeaders.requestId(head));
  }

  /// Answers a question about health with 503 while the server drains.
  void notReady(HttpRequest read) {
    boolean ready = Router.route(read) instanceof Route.Ready;
    send(
        ready
            ? withId(
                HttpResponse.json(
                    UNAVAILABLE,
                    MetadataWriter.ready(false, List.of("the server is shutting down"))),
                read)
            : failed(Refusal.unavailable("shutting down", RETRY, /* cause= */ null), read));
  }

  /// Refuses a request whose body could not be read, and ends its connection.
  void refuse(Body.Fault fault, long seen, int bytesMax) {
    HttpRequest head = Head.of(request, NO_BODY);
    response.getHeaders().put("connection", "close");
    switch (fault) {
      case TOO_LARGE -> {
        String tooLarge =
            "the body has %d bytes or more; accepted: up to %d".formatted(seen, bytesMax);
        send(failed(Refusal.tooLarge("body", tooLarge), head));
      }
      case NO_ROOM -> {
        String noRoom = "the bodies of all requests have no room";
        send(failed(Refusal.unavailable(noRoom, RETRY, /* cause= */ null), head));
      }
      case LATE -> Refused.send(response, this, REQUEST_TIMEOUT);
      case BROKEN -> Refused.send(response, this, BAD_REQUEST);
    }
  }

  private void send(HttpResponse answer) {
    answer.headers().forEach(response.getHeaders()::put);
    send(answer.status(), answer.body());
  }

  /// Sends an answer.
  void send(int status, byte[] body) {
    release();
    response.setStatus(status);
    if (traffic.isDraining()) {
      response.getHeaders().put("connection", "close");
    }
    if (!request.getMethod().equals("OPTIONS")) {
      cors.add(request, response);
    }
    boolean bodiless = status == 204 || status == 304;
    if (!bodiless) {
      response.getHeaders().put("content-length", body.length);
    }
    boolean sends = !bodiless && !request.getMethod().equals("HEAD");
    bytesOut = sends ? body.length : 0;
    response.write(true, ByteBuffer.wrap(sends ? body : NO_BODY), this);
  }

  @Override
  public void succeeded() {
    later.accepted = true;
    end(null);
  }

  @Override
  public void failed(Throwable failure) {
    end(failure);
  }

  /// Without a sent status line, the server answers the failure and counts that answer.
  private void count(@Nullable Throwable failure) {
    if (failure == null) {
      traffic.answered(response.getStatus(), bytesIn, bytesOut, System.nanoTime() - begun);
    } else if (response.isCommitted()) {
      traffic.broken();
    }
  }

  private void end(@Nullable Throwable failure) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    release();
    count(failure);
    heads.end(connection());
    if (failure == null) {
      callback.succeeded();
    } else {
      callback.failed(failure);
    }
    try {
      later.work.forEach(Runnable::run);
    } catch (RuntimeException | StackOverflowError e) {
      log.error("work after an answer failed", e);
    } finally {
      traffic.end();
    }
  }
}

package dev.pilotlight.serve;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// Reads a request body asynchronously and enforces its limits. It keeps reading and discards a
/// body over the limit, up to 8 times the limit: a client that is still sending when the server
/// closes the connection never sees the response.
public final class Body implements Invocable.Task {
  static final int DROPPED_TIMES_MAX = 8;

  /// The heap that a part takes in addition to its bytes, about.
  private static final int PART_BYTES = 32;

  /// Why there is no body.
  public enum Fault {
    /// Larger than a request may be.
    TOO_LARGE,
    /// All bodies together are larger than the memory for them.
    NO_ROOM,
    /// It came too slowly.
    LATE,
    /// It was malformed, or the connection broke.
    BROKEN
  }

  /// Receives the result, exactly once.
  public interface Reader {
    /// The whole body has come.
    ///
    /// @param bytes not modified afterwards
    void read(byte[] bytes);

    /// The body cannot be read.
    ///
    /// @param seen how many bytes came
    /// @param cause why the body is [Fault#BROKEN]; null for other faults
    void failed(Fault fault, long seen, @Nullable Throwable cause);
  }

  private final Request request;
  private final int bytesMax;
  private final HeldBytes room;
  private final InvocationType type;
  private final Reader reader;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final List<byte[]> parts = new ArrayList<>(); // under the lock
  private long held; // memory reserved for the parts, under the lock
  private final Scheduler.@Nullable Task timer;
  private volatile long seen; // written under the lock
  private boolean noRoom;

  private Body(
      Request request,
      int bytesMax,
      HeldBytes room,
      @Nullable Duration limit,
      InvocationType type,
      Reader reader) {
    this.request = request;
    this.bytesMax = bytesMax;
    this.room = room;
    this.type = type;
    this.reader = reader;
    timer = limit == null ? null : schedule(limit);
  }

  private Scheduler.Task schedule(Duration limit) {
    return request
        .getConnectionMetaData()
        .getConnector()
        .getScheduler()
        .schedule(() -> fail(Fault.LATE, null), limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Reads it, now and when more comes. The reader releases its bytes from the room.
  ///
  /// @param limit of the time until the whole body has come; null for none
  /// @param type whether the reader may block the thread that it is called on
  public static void read(
      Request request,
      int bytesMax,
      HeldBytes room,
      @Nullable Duration limit,
      InvocationType type,
      Reader reader) {
    new Body(request, bytesMax, room, limit, type, reader).run();
  }

  @Override
  public InvocationType getInvocationType() {
    return type;
  }

  @Override
  public void run() {
    while (!ended.get()) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        fail(Fault.BROKEN, chunk.getFailure());
        return;
      }
      take(chunk.getByteBuffer());
      boolean last = chunk.isLast();
      chunk.release();
      if (last || seen > (long) bytesMax * DROPPED_TIMES_MAX) {
        finish();
        return;
      }
    }
  }

  private synchronized void take(ByteBuffer bytes) {
    int count = bytes.remaining();
    seen += count;
    if (count == 0 || noRoom || ended.get()) {
      return;
    }
    int cost = count + PART_BYTES;
    if (seen > bytesMax) {
      drop();
      return;
    }
    if (!room.take(cost)) {
      noRoom = true;
      drop();
      return;
    }
    held += cost;
    byte[] part = new byte[count];
    bytes.get(part);
    parts.add(part);
  }

  /// Gives back the parts and their room.
  private synchronized void drop() {
    parts.clear();
    room.release(held);
    held = 0;
  }

  /// Joins the parts, and keeps room for the joined bytes alone.
  private synchronized byte[] joined() {
    byte[] all = parts.size() == 1 ? parts.getFirst() : new byte[(int) seen];
    if (parts.size() != 1) {
      int at = 0;
      for (byte[] part : parts) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
    }
    parts.clear();
    room.release(held - all.length);
    held = all.length;
    return all;
  }

  private void finish() {
    if (noRoom) {
      fail(Fault.NO_ROOM, null);
    } else if (seen > bytesMax) {
      fail(Fault.TOO_LARGE, null);
    } else if (ended.compareAndSet(false, true)) {
      cancelTimer();
      reader.read(joined());
    }
  }

  private void fail(Fault fault, @Nullable Throwable cause) {
    if (end()) {
      cancelTimer();
      reader.failed(fault, seen, cause);
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      var _ = timer.cancel();
    }
  }

  /// Releases the reserved bytes on the first call. Later bytes are dropped.
  private synchronized boolean end() {
    boolean first = ended.compareAndSet(false, true);
    if (first) {
      drop();
    }
    return first;
  }
}

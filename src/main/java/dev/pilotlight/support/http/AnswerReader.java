package dev.pilotlight.support.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads responses from a connection, one after the other, with a buffer.
final class AnswerReader {
  private static final int BUFFER_BYTES = 8_192;
  private static final int HEAD_BYTES_MAX = 65_536;
  private static final byte[] NOTHING = {};

  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;
  private boolean begun;
  private boolean ended;

  AnswerReader(InputStream in) {
    this.in = in;
  }

  /// Whether any byte of the current response has been read.
  boolean begun() {
    return begun;
  }

  /// Whether the connection can have another response: the last one was complete, the server keeps
  /// the connection, and nothing came after the response.
  boolean canContinue() throws IOException {
    return !ended && from == to && in.available() == 0;
  }

  /// Reads one response to a request other than HEAD. Responses with status 1xx are skipped.
  ///
  /// @param bodyBytesMax the limit of its body
  /// @throws IOException if it is not complete or over a limit
  HttpAnswer read(int bodyBytesMax) throws IOException {
    begun = false;
    ended = true;
    HttpHead head = head();
    while (head.isInformational()) {
      head = head();
    }
    boolean kept = head.keepsConnection();
    boolean chunked = head.isChunked();
    long length = head.contentLength();
    byte[] body;
    if (!head.hasBody()) {
      body = NOTHING;
    } else if (chunked) {
      body = chunks(bodyBytesMax);
      kept &= length < 0; // both: a sender that does so may mean either
    } else if (length >= 0) {
      requireAtMost(length, bodyBytesMax);
      body = new byte[(int) length];
      fill(body, 0, body.length);
    } else {
      body = untilEnd(bodyBytesMax);
      kept = false;
    }
    ended = !kept;
    return new HttpAnswer(head, body);
  }

  /// Reads up to and including the empty line.
  private HttpHead head() throws IOException {
    int scanned = from;
    int line = from;
    while (true) {
      for (; scanned < to; scanned++) {
        if (buffer[scanned] == '\n') {
          boolean empty = scanned == line || (scanned == line + 1 && buffer[line] == '\r');
          if (empty) {
            HttpHead head = HttpHead.of(buffer, from, line);
            from = scanned + 1;
            return head;
          }
          line = scanned + 1;
        }
      }
      int moved = makeRoom();
      scanned -= moved;
      line -= moved;
      fill();
    }
  }

  /// Returns by how much the buffered bytes were moved.
  private int makeRoom() throws ProtocolException {
    if (to < buffer.length) {
      return 0;
    }
    int moved = from;
    if (moved == 0) {
      if (buffer.length >= HEAD_BYTES_MAX) {
        throw new ProtocolException("the head of the answer is over " + HEAD_BYTES_MAX + " bytes");
      }
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    } else {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= moved;
      from = 0;
    }
    return moved;
  }

  private void fill() throws IOException {
    int count = in.read(buffer, to, buffer.length - to);
    if (count < 0) {
      throw new EOFException("the connection ended before the answer was complete");
    }
    begun = true;
    to += count;
  }

  /// Reads into `bytes[start, end)`, all of it.
  private void fill(byte[] bytes, int start, int end) throws IOException {
    int buffered = Math.min(end - start, to - from);
    System.arraycopy(buffer, from, bytes, start, buffered);
    from += buffered;
    int at = start + buffered;
    while (at < end) {
      int read = in.read(bytes, at, end - at);
      if (read < 0) {
        throw new EOFException("the connection ended before the answer was complete");
      }
      at += read;
    }
    if (from == to) {
      from = 0;
      to = 0;
    }
  }

  private byte[] chunks(int max) throws IOException {
    byte[] body = NOTHING;
    int length = 0;
    while (true) {
      String line = line();
      int extension = line.indexOf(';');
      long size =
          HttpHead.number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
      if (size == 0) {
        while (!line().isEmpty()) {} // trailers
        return Arrays.copyOf(body, length);
      }
      requireAtMost(length + size, max);
      int end = length + (int) size;
      if (end > body.length) {
        body = Arrays.copyOf(body, (int) Math.max(end, Math.min(max, 2L * body.length)));
      }
      fill(body, length, end);
      length = end;
      if (!line().isEmpty()) {
        throw new ProtocolException("a chunk of the answer has another length than it declares");
      }
    }
  }

  /// Reads a line without its line break.
  private String line() throws IOException {
    int scanned = from;
    while (true) {
      for (; scanned < to; scanned++) {
        if (buffer[scanned] == '\n') {
          int end = scanned > from && buffer[scanned - 1] == '\r' ? scanned - 1 : scanned;
          String line = new String(buffer, from, end - from, StandardCharsets.ISO_8859_1);
          from = scanned + 1;
          return line;
        }
      }
      scanned -= makeRoom();
      fill();
    }
  }

  private byte[] untilEnd(int max) throws IOException {
    byte[] body = new byte[BUFFER_BYTES];
    int length = to - from;
    requireAtMost(length, max);
    if (length > body.length) {
      body = new byte[length];
    }
    System.arraycopy(buffer, from, body, 0, length);
    from = to;
    while (true) {
      if (length == body.length) {
        body = Arrays.copyOf(body, body.length * 2);
      }
      int read = in.read(body, length, body.length - length);
      if (read < 0) {
        return Arrays.copyOf(body, length);
      }
      length += read;
      requireAtMost(length, max);
    }
  }

  private static void requireAtMost(long length, int max) throws ProtocolException {
    if (length > max) {
      throw new ProtocolException("the body of the answer is over " + max + " bytes");
    }
  }
}

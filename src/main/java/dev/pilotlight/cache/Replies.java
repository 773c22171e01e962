package dev.pilotlight.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisInputStream;

/// Reads RESP2 replies, and accepts only those that the commands sent can have.
///
/// An error reply is a [JedisDataException]. Every other reply of another type, count or size
/// throws [JedisConnectionException]: the next reply's first byte is then unknown, so the
/// connection must be closed. No message repeats the reply, which may contain a secret.
///
/// Jedis's own decoder is not used: it allocates any length that a reply announces.
///
/// Source: <https://redis.io/docs/latest/develop/reference/protocol-spec/>
final class Replies {
  /// The longest string that Redis can hold by default.
  private static final long STRING_BYTES_MAX = 536_870_912;

  private static final int SKIPPED_BYTES = 8_192;
  private static final int LINE_BYTES_MAX = 4_096;
  private static final int DIGITS_MAX = 18;

  /// `CLUSTER SLOTS`: 16,384 ranges with two replicas each have some 300,000 elements.
  private static final int ELEMENTS_MAX = 400_000;

  private static final int ELEMENT_BYTES = 16;
  private static final int NAME_BYTES_MAX = 512;
  private static final int DEPTH_MAX = 5;

  /// The key is on another server of a cluster.
  static final class Redirection extends JedisDataException {
    private static final long serialVersionUID = 1;

    Redirection(String message) {
      super(message);
    }
  }

  private final RedisInputStream in;
  private final long valueBytesMax;
  private int elementsLeft;

  /// @param valueBytesMax longer values are skipped: they read as absent
  Replies(RedisInputStream in, long valueBytesMax) {
    this.in = in;
    this.valueBytesMax = valueBytesMax;
  }

  /// The reply to `MGET`: one value for each key, null if absent; or a single error.
  List<@Nullable Object> values(int count) {
    byte type = in.readByte();
    if (type == '-') {
      List<@Nullable Object> refused = new ArrayList<>(1);
      refused.add(error());
      return refused;
    }
    if (type != '*' || number() != count) {
      throw malformed("not an array of one value for each key");
    }
    List<@Nullable Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      require('$');
      values.add(value());
    }
    return values;
  }

  /// The replies to `count` times `GET`: a value, null if absent, or an error.
  List<@Nullable Object> valuesOneByOne(int count) {
    List<@Nullable Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte type = in.readByte();
      if (type != '$' && type != '-') {
        throw malformed("not a value");
      }
      values.add(type == '$' ? value() : error());
    }
    return values;
  }

  /// The replies to `count` times `SETEX`: null if done, or an error.
  List<@Nullable Object> statuses(int count) {
    List<@Nullable Object> done = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      done.add(status("OK"));
    }
    return done;
  }

  /// The reply to a command that gives a status: null if it is the expected one, or the error.
  @Nullable JedisDataException status(String expected) {
    byte type = in.readByte();
    if (type == '-') {
      return error();
    }
    if (type != '+' || !line().equals(expected)) {
      throw malformed("not the status " + expected);
    }
    return null;
  }

  /// An array of arrays, integers and short strings, as `CLUSTER SLOTS` gives.
  ///
  /// @throws JedisDataException if the reply is an error
  List<Object> tree() {
    byte type = in.readByte();
    if (type == '-') {
      throw error();
    }
    if (type != '*') {
      throw malformed("not an array");
    }
    elementsLeft = ELEMENTS_MAX;
    return array(1);
  }

  /// The reply to a script: an array of so many integers as `long[]`, or the error as
  /// [JedisDataException].
  Object integers(int count) {
    byte type = in.readByte();
    if (type == '-') {
      return error();
    }
    if (type != '*' || number() != count) {
      throw malformed("not an array of as many integers");
    }
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      require(':');
      numbers[i] = number();
    }
    return numbers;
  }

  /// Whether there are unread bytes. True if the connection is closed.
  boolean unread() {
    try {
      return in.available() > 0;
    } catch (IOException e) {
      return true; // closed
    }
  }

  private List<Object> array(int depth) {
    long count = number();
    if (count < 0 || count > elementsLeft || depth > DEPTH_MAX) {
      throw malformed("an array of impossible size");
    }
    List<Object> elements = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      elements.add(element(depth));
    }
    return elements;
  }

  private Object element(int depth) {
    if (--elementsLeft < 0) {
      throw malformed("too many elements");
    }
    byte type = in.readByte();
    if (type == '*') {
      return array(depth + 1);
    }
    if (type == ':') {
      return number();
    }
    if (type != '$') {
      throw malformed("not an array, an integer or a string");
    }
    long length = number();
    if (length < -1 || length > NAME_BYTES_MAX) {
      throw malformed("a string of impossible length");
    }
    elementsLeft -= (int) length / ELEMENT_BYTES;
    return string(Math.max(0, (int) length), length >= 0);
  }

  private byte @Nullable [] value() {
    long length = number();
    if (length < -1 || length > STRING_BYTES_MAX) {
      throw malformed("a string of impossible length");
    }
    if (length > valueBytesMax) {
      skip(length);
      return null;
    }
    return length < 0 ? null : string((int) length, true);
  }

  /// @param present an absent string has neither bytes nor a line end after them
  private byte[] string(int length, boolean present) {
    byte[] bytes = new byte[length];
    int read = 0;
    while (read < length) {
      read += in.read(bytes, read, length - read);
    }
    if (present) {
      lineEnd();
    }
    return bytes;
  }

  private void skip(long length) {
    byte[] skipped = new byte[SKIPPED_BYTES];
    long left = length;
    while (left > 0) {
      left -= in.read(skipped, 0, (int) Math.min(left, SKIPPED_BYTES));
    }
    lineEnd();
  }

  private JedisDataException error() {
    String message = line();
    if (message.startsWith("MOVED ") || message.startsWith("ASK ")) {
      return new Redirection(message);
    }
    return message.startsWith("NOAUTH")
            || message.startsWith("WRONGPASS")
            || message.startsWith("NOPERM")
        ? new JedisAccessControlException(message)
        : new JedisDataException(message);
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (byte b = in.readByte(); b != '\r'; b = in.readByte()) {
      if (b == '\n' || line.length() == LINE_BYTES_MAX) {
        throw malformed("a line without end");
      }
      line.append((char) (b & 0xFF));
    }
    require('\n');
    return line.toString();
  }

  private long number() {
    byte b = in.readByte();
    boolean negative = b == '-';
    if (negative) {
      b = in.readByte();
    }
    long value = 0;
    int digits = 0;
    for (; b != '\r'; b = in.readByte()) {
      if (b < '0' || b > '9' || ++digits > DIGITS_MAX) {
        throw malformed("not a number");
      }
      value = value * 10 + (b - '0');
    }
    require('\n');
    if (digits == 0) {
      throw malformed("not a number");
    }
    return negative ? -value : value;
  }

  private void lineEnd() {
    require('\r');
    require('\n');
  }

  private void require(char expected) {
    if (in.readByte() != expected) {
      throw malformed("not where a reply begins or ends");
    }
  }

  private static JedisConnectionException malformed(String what) {
    return new JedisConnectionException("the reply is malformed: " + what);
  }
}

package dev.pilotlight.handler.refusals;

import static dev.pilotlight.handler.TestRequest.utf8;

import dev.pilotlight.handler.TestRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Spoils good requests, the same way for the same seed.
public final class Mutations {
  private static final List<byte[]> TOKENS =
      List.of(
          utf8("null"),
          utf8("[]"),
          utf8("{}"),
          utf8("-1"),
          utf8("0"),
          utf8("1e999"),
          utf8("\"\""),
          utf8("9223372036854775808"),
          utf8("\\ud800"),
          utf8("\\u0000"),
          utf8("NaN"),
          utf8(","),
          utf8("]"),
          utf8("}"),
          utf8("\""),
          utf8("[[[["),
          utf8(".."),
          new byte[] {-1},
          new byte[] {0, 0, 0, 0},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
  private static final List<String> HEADERS =
      List.of("", "0", "1", "-1", "2147483648", "gzip", "text/plain", "no-store", "\u0000", "*");

  private final RandomGenerator random;
  private final List<TestRequest> good;

  public Mutations(RandomGenerator random, List<TestRequest> good) {
    this.random = random;
    this.good = good;
  }

  /// One of the good requests after a change, at times after three.
  public TestRequest next() {
    TestRequest request = any(good);
    for (int changes = random.nextInt(3) == 0 ? 3 : 1; changes > 0; changes--) {
      request =
          switch (random.nextInt(10)) {
            case 0 -> withOtherHeader(request);
            case 1 -> request.withPath(text(changed(utf8(request.path()))));
            default -> request.withBody(changed(request.body()));
          };
    }
    return request;
  }

  private TestRequest withOtherHeader(TestRequest request) {
    Map<String, String> headers = new HashMap<>(request.headers());
    List<String> names = new ArrayList<>(headers.keySet());
    names.addAll(List.of(BadBinary.LENGTH, "content-encoding", "cache-control", "accept-encoding"));
    String name = any(names);
    if (random.nextBoolean() && headers.containsKey(name)) {
      headers.put(name, text(changed(utf8(headers.get(name)))));
    } else {
      headers.put(name, any(HEADERS));
    }
    return new TestRequest(request.method(), request.path(), headers, request.body());
  }

  private byte[] changed(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    return switch (random.nextInt(7)) {
      case 0 -> flipped(bytes);
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> BadBinary.joined(Arrays.copyOf(bytes, at), tail(any(good).body()));
      case 3 -> BadBinary.joined(Arrays.copyOf(bytes, at), tail(bytes));
      case 4 -> replaced(bytes, at, 0);
      default -> replaced(bytes, at, 1 + random.nextInt(4));
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    for (int i = 0; i < flipped.length && i < 3; i++) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  /// Something of the language where other bytes were.
  private byte[] replaced(byte[] bytes, int at, int length) {
    byte[] head = BadBinary.joined(Arrays.copyOf(bytes, at), any(TOKENS));
    return BadBinary.joined(
        head, Arrays.copyOfRange(bytes, Math.min(bytes.length, at + length), bytes.length));
  }

  private byte[] tail(byte[] bytes) {
    return Arrays.copyOfRange(bytes, random.nextInt(bytes.length + 1), bytes.length);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /// One character a byte.
  private static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte value : bytes) {
      text.append((char) (value & 0xff));
    }
    return text.toString();
  }
}

package dev.pilotlight.pack.confine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Readable socket addresses.
final class SocketAddresses {
  private static final int UNIX = 1;
  private static final int IPV4 = 2;
  private static final int IPV6 = 10;
  private static final int PORT_OFFSET = 2;
  private static final int IPV4_OFFSET = 4;
  private static final int IPV6_OFFSET = 8;

  private SocketAddresses() {}

  /// `127.0.0.1:80` also of an IPv4 address in an IPv6 one, `unix:/run/a`, `family 16`.
  ///
  /// @param address a `struct sockaddr`, little-endian
  static String text(byte[] address) {
    short family = ByteBuffer.wrap(address).order(ByteOrder.LITTLE_ENDIAN).getShort();
    return switch (family) {
      case UNIX -> "unix:" + path(address);
      case IPV4 -> internet(address, IPV4_OFFSET, 4);
      case IPV6 -> internet(address, IPV6_OFFSET, 16);
      default -> "family " + family;
    };
  }

  private static String path(byte[] bytes) {
    return new String(bytes, PORT_OFFSET, bytes.length - PORT_OFFSET, StandardCharsets.UTF_8)
        .replaceAll("(?s)(?<=.)\0.*", "")
        .replace('\0', '@');
  }

  private static String internet(byte[] bytes, int offset, int length) {
    int port = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(PORT_OFFSET));
    byte[] host = Arrays.copyOfRange(bytes, offset, offset + length);
    try {
      return InetAddress.getByAddress(host).getHostAddress() + ":" + port;
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // the length is right
    }
  }
}

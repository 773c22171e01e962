package dev.pilotlight.pack.confine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A program that does one thing, which may be one that a function must not do.
final class Misbehaving {
  private static final short IPV4 = 2;
  private static final int DATAGRAMS = 2;
  private static final int LOOPBACK = 0x7f000001;
  private static final int ADDRESS_BYTES = 16;
  private static final int HEADER_BYTES = 56;

  private Misbehaving() {}

  /// Ends with status 0 if it succeeded.
  ///
  /// @param args the thing, and with what
  public static void main(String[] args) throws IOException, InterruptedException {
    String what = args[1];
    switch (args[0]) {
      case "process" -> new ProcessBuilder(what).start().waitFor();
      case "connect" ->
          new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(what)).close();
      case "sendto" -> send(SystemCall.SENDTO, Integer.parseInt(what));
      case "sendmsg" -> send(SystemCall.SENDMSG, Integer.parseInt(what));
      case "bind" -> new ServerSocket(Integer.parseInt(what)).close();
      case "unix" -> SocketChannel.open(UnixDomainSocketAddress.of(what)).close();
      case "name" -> InetAddress.getByName(what);
      case "write" -> Files.writeString(Path.of(what), "written");
      case "delete" -> Files.delete(Path.of(what));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /// By the kernel's own calls: Java would bind to an address before.
  private static void send(SystemCall by, int port) throws IOException {
    long socket = Kernel.call(SystemCall.SOCKET, IPV4, DATAGRAMS, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(ADDRESS_BYTES, Long.BYTES);
      ByteBuffer address = to.asByteBuffer();
      address.order(ByteOrder.LITTLE_ENDIAN).putShort(IPV4);
      address.order(ByteOrder.BIG_ENDIAN).putShort((short) port).putInt(LOOPBACK);
      if (by == SystemCall.SENDTO) {
        Kernel.call(by, socket, to.address(), 1, 0, to.address(), ADDRESS_BYTES);
      } else {
        MemorySegment header = arena.allocate(HEADER_BYTES, Long.BYTES);
        header.set(ValueLayout.ADDRESS, 0, to);
        header.set(ValueLayout.JAVA_INT, Long.BYTES, ADDRESS_BYTES);
        Kernel.call(by, socket, header.address(), 0);
      }
    }
  }
}

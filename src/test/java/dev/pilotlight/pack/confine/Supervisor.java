package dev.pilotlight.pack.confine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/// Looks at the system calls that the [SyscallFilter] holds: notes each in a file, one a line, and
/// lets it go on or refuses it.
///
/// The lines are `process`, `exec PATH`, `connect ADDRESS`, `send ADDRESS`, `bind ADDRESS` and
/// `write PATH`, after `refused` if so. Writing is noted only; what refuses it is [Landlock].
///
/// @param listener the descriptor that the kernel gave for the filter
/// @param addresses that may be connected to
record Supervisor(int listener, Set<String> addresses, Path notes) implements Runnable {
  private static final long RECEIVE = 0xc0502100L;
  private static final long SEND = 0xc0182101L;
  private static final int NOTIFICATION_BYTES = 80;
  private static final int RESPONSE_BYTES = 24;
  private static final int GO_ON = 1;
  private static final int EPERM = 1;

  /// Java starts a program by it.
  private static final Path SPAWN_HELPER =
      Path.of(System.getProperty("java.home"), "lib", "jspawnhelper");

  private static final List<Integer> PASSING = List.of(2, 4); // it is gone; interrupted

  /// A call that is held.
  private record Held(SystemCall call, int thread, long[] arguments) {
    private static Held of(MemorySegment notification) {
      long[] arguments = notification.asSlice(32).toArray(ValueLayout.JAVA_LONG);
      return new Held(
          SystemCall.of(notification.get(ValueLayout.JAVA_INT, 16)),
          notification.get(ValueLayout.JAVA_INT, 8),
          arguments);
    }

    private long argument(int number) {
      return arguments[number];
    }
  }

  @Override
  public void run() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment notification = arena.allocate(NOTIFICATION_BYTES, Long.BYTES);
      MemorySegment response = arena.allocate(RESPONSE_BYTES, Long.BYTES);
      while (true) {
        notification.fill((byte) 0);
        if (ioctl(RECEIVE, notification)) {
          boolean allowed = allows(Held.of(notification));
          response.set(ValueLayout.JAVA_LONG, 0, notification.get(ValueLayout.JAVA_LONG, 0));
          response.set(ValueLayout.JAVA_INT, 16, allowed ? 0 : -EPERM);
          response.set(ValueLayout.JAVA_INT, 20, allowed ? GO_ON : 0);
          boolean _ = ioctl(SEND, response);
        }
      }
    } catch (IOException e) {
      Confined.end(Confined.NOT_HERE, e);
    } catch (RuntimeException e) {
      Confined.end(1, e); // or what is held would be held for ever
    }
  }

  private boolean ioctl(long request, MemorySegment argument) throws IOException {
    try {
      Kernel.call(SystemCall.IOCTL, listener, request, argument.address());
      return true;
    } catch (Kernel.Refused e) {
      if (PASSING.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  private boolean allows(Held held) throws IOException {
    ProcessMemory memory = ProcessMemory.of(held.thread());
    try {
      return allows(held, memory);
    } catch (NoSuchFileException e) {
      if (Files.exists(memory.directory())) {
        throw e;
      }
      return false; // it was killed just now
    }
  }

  private boolean allows(Held held, ProcessMemory memory) throws IOException {
    return switch (held.call()) {
      case CLONE, FORK, VFORK -> isOurs(held.thread()) || refused("process");
      case EXECVE -> execution(memory.path(held.argument(0)));
      case EXECVEAT -> execution(memory.path(held.argument(0), held.argument(1)));
      case OPEN, CREAT, MKDIR -> noted("write " + memory.path(held.argument(0)));
      case OPENAT, MKDIRAT -> noted("write " + memory.path(held.argument(0), held.argument(1)));
      case CONNECT -> network("connect", held.argument(1), held.argument(2), memory);
      case BIND -> network("bind", held.argument(1), held.argument(2), memory);
      case SENDTO -> network("send", held.argument(4), held.argument(5), memory);
      case SENDMSG, SENDMMSG -> message(held.argument(1), memory);
      default -> throw new IllegalStateException("not asked for: " + held.call());
    };
  }

  private boolean execution(Path program) throws IOException {
    return program.equals(SPAWN_HELPER) || noted("exec " + program);
  }

  /// Whether it is the thread that starts the confined program.
  private static boolean isOurs(int thread) {
    return Files.exists(Path.of("/proc/self/task", Integer.toString(thread)));
  }

  /// @param header address of a `struct msghdr`, of several the first
  private boolean message(long header, ProcessMemory memory) throws IOException {
    byte[] fields = memory.read(header, Long.BYTES + Integer.BYTES);
    ByteBuffer name = ByteBuffer.wrap(fields).order(ByteOrder.LITTLE_ENDIAN);
    return network("send", name.getLong(), name.getInt(), memory);
  }

  private boolean network(String verb, long address, long bytes, ProcessMemory memory)
      throws IOException {
    if (address == 0) {
      return true; // to whom it is connected
    }
    String text = SocketAddresses.text(memory.read(address, (int) bytes));
    String line = verb + " " + text;
    return addresses.contains(text) ? noted(line) : refused(line);
  }

  private boolean refused(String line) throws IOException {
    return !noted("refused " + line);
  }

  private boolean noted(String line) throws IOException {
    Files.writeString(notes, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return true;
  }
}

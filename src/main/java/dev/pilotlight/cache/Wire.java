package dev.pilotlight.cache;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.IOUtils;
import redis.clients.jedis.util.RedisInputStream;
import redis.clients.jedis.util.RedisOutputStream;

/// One connection. Used by one thread at a time, except for [#cut()].
final class Wire {
  /// Older idle connections are closed: a firewall on the way to Redis may have dropped them.
  private static final Duration IDLE_MAX = Duration.ofMinutes(5);

  private final Socket plain;
  private final @Nullable InputStream encrypted;
  private final RedisOutputStream out;
  private final Replies replies;
  private final long endMillis;
  private volatile boolean cut;
  private boolean reused;
  private long idleSinceNanos;

  /// @param plain the connected socket
  /// @param socket the same, or TLS over it
  /// @param valueBytesMax longer values read as absent
  /// @param endMillis wall-clock time at which the connection expires
  Wire(Socket plain, Socket socket, long valueBytesMax, long endMillis) throws IOException {
    this.plain = plain;
    this.encrypted = socket instanceof SSLSocket ? plain.getInputStream() : null;
    this.out = new RedisOutputStream(socket.getOutputStream());
    this.replies = new Replies(new RedisInputStream(socket.getInputStream()), valueBytesMax);
    this.endMillis = endMillis;
  }

  long endMillis() {
    return endMillis;
  }

  /// @param read the longest wait for the next bytes of a reply
  /// @throws JedisConnectionException if the connection is lost
  void send(List<CommandArguments> commands, Duration read) {
    try {
      plain.setSoTimeout(Math.toIntExact(Math.max(1, read.toMillis())));
      for (CommandArguments command : commands) {
        Protocol.sendCommand(out, command);
      }
      out.flush();
    } catch (IOException e) {
      throw new JedisConnectionException(e);
    }
  }

  /// Read the replies in the order of the commands. After any exception other than an error reply,
  /// discard the connection.
  Replies replies() {
    return replies;
  }

  /// Whether it was idle before: the server may have closed it meanwhile.
  boolean reused() {
    return reused;
  }

  void markIdle() {
    reused = true;
    idleSinceNanos = System.nanoTime();
  }

  /// Unread bytes would be taken for the next command's reply.
  boolean usable() {
    try {
      return !cut
          && System.nanoTime() - idleSinceNanos < IDLE_MAX.toNanos()
          && !replies.unread()
          && (encrypted == null || encrypted.available() == 0);
    } catch (IOException e) {
      return false;
    }
  }

  /// Closes the socket, even while another thread reads or writes. Never blocks, because it skips
  /// TLS's closing handshake.
  void cut() {
    cut = true;
    IOUtils.closeQuietly(plain);
  }
}

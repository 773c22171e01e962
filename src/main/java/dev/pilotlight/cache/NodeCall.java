package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.BackgroundTasks;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;

/// Commands to one node and their replies. A caller sends all its commands to all nodes before it
/// receives the first reply, so that the nodes work at the same time without a thread for each.
///
/// The read timeout bounds the wait for the next bytes. An alarm that closes the socket bounds the
/// whole call, even if a write blocks or the server sends single bytes.
final class NodeCall {
  private final RedisNode node;
  private final List<CommandArguments> commands;
  private final Function<Replies, List<@Nullable Object>> read;
  private final BackgroundTasks background;
  private final Duration readTimeout;
  private final Deadline deadline;
  private @Nullable Wire wire;
  private @Nullable Future<?> alarm;
  private @Nullable RuntimeException sendFailure;
  private @Nullable Supplier<NodeCall> again;

  /// @param read reads the replies to all commands: values, nulls, and errors as
  ///   [JedisDataException]
  /// @param readTimeout the longest wait for the next bytes
  NodeCall(
      RedisNode node,
      List<CommandArguments> commands,
      Function<Replies, List<@Nullable Object>> read,
      BackgroundTasks background,
      Duration readTimeout,
      Deadline deadline) {
    this.node = node;
    this.commands = commands;
    this.read = read;
    this.background = background;
    this.readTimeout = readTimeout;
    this.deadline = deadline;
  }

  /// Sets the call that is made instead of this one after a reused connection broke: Redis may have
  /// run this one's commands, and not all may run twice.
  NodeCall again(Supplier<NodeCall> instead) {
    again = instead;
    return this;
  }

  RedisNode node() {
    return node;
  }

  NodeCall send() {
    wire = commands.isEmpty() ? null : node.borrow(deadline);
    if (wire != null) {
      try {
        Duration left = deadline.remaining();
        alarm = background.alarm(left, wire::cut);
        wire.send(commands, readTimeout.compareTo(left) < 0 ? readTimeout : left);
      } catch (RuntimeException e) {
        sendFailure = e; // receive() handles it
      }
    }
    return this;
  }

  /// The replies in order; none if the node did not answer, or not with replies to the commands.
  /// Always gives the connection back or closes it.
  List<@Nullable Object> receive() {
    Wire used = wire;
    if (used == null) {
      return List.of();
    }
    List<@Nullable Object> replies;
    try {
      replies = read(used);
    } catch (RuntimeException | OutOfMemoryError e) {
      return failed(used, e);
    } finally {
      cancelAlarm();
    }
    node.giveBack(used);
    if (!anyRefused(replies)) {
      node.succeeded();
    }
    return replies;
  }

  private static boolean anyRefused(List<@Nullable Object> replies) {
    for (Object reply : replies) {
      if (reply instanceof JedisDataException) {
        return true;
      }
    }
    return false;
  }

  private List<@Nullable Object> read(Wire used) {
    RuntimeException failure = sendFailure;
    sendFailure = null;
    if (failure != null) {
      throw failure;
    }
    return read.apply(used.replies());
  }

  private List<@Nullable Object> failed(Wire used, Throwable cause) {
    node.discard(used);
    if (used.reused() && mayBeStale(cause)) {
      // the server may have closed the idle connection; the next one is new
      return (again == null ? this : again.get()).send().receive();
    }
    node.failed(cause);
    return List.of();
  }

  private boolean mayBeStale(Throwable cause) {
    return !deadline.passed()
        && cause instanceof RuntimeException
        && !(cause instanceof RejectedExecutionException)
        && !(cause.getCause() instanceof SocketTimeoutException);
  }

  private void cancelAlarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}

package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.BackgroundTasks;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;

/// Commands to one node and their replies. All flights of a call depart before the first lands, so
/// that the nodes work at the same time without a thread for each.
///
/// The read timeout bounds the wait for the next bytes; an alarm that closes the socket bounds the
/// whole call, also for a blocked write and for a server whose bytes keep dripping.
final class Flight {
  private final RedisNode node;
  private final List<CommandArguments> commands;
  private final Function<Replies, List<@Nullable Object>> read;
  private final BackgroundTasks background;
  private final Duration patience;
  private final Deadline deadline;
  private @Nullable Wire wire;
  private @Nullable Future<?> alarm;
  private @Nullable RuntimeException sendFailure;

  /// @param read takes the replies of all commands: values, nulls, and errors as
  ///   [JedisDataException]
  /// @param patience the longest wait for the next bytes
  Flight(
      RedisNode node,
      List<CommandArguments> commands,
      Function<Replies, List<@Nullable Object>> read,
      BackgroundTasks background,
      Duration patience,
      Deadline deadline) {
    this.node = node;
    this.commands = commands;
    this.read = read;
    this.background = background;
    this.patience = patience;
    this.deadline = deadline;
  }

  RedisNode node() {
    return node;
  }

  Flight depart() {
    wire = commands.isEmpty() ? null : node.borrow(deadline);
    if (wire != null) {
      try {
        Duration left = deadline.remaining();
        alarm = background.alarm(left, wire::cut);
        wire.send(commands, patience.compareTo(left) < 0 ? patience : left);
      } catch (RuntimeException e) {
        sendFailure = e; // dealt with on landing
      }
    }
    return this;
  }

  /// The replies in order; none if the node did not answer, or not with replies to the commands.
  /// Gives the connection back or closes it in every case.
  List<@Nullable Object> land() {
    Wire used = wire;
    if (used == null) {
      return List.of();
    }
    List<@Nullable Object> replies;
    try {
      replies = received(used);
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

  private List<@Nullable Object> received(Wire used) {
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
      // the server may have closed it long ago; the next is a new one
      return depart().land();
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

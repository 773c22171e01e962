package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.Background;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/// Commands to one node and their replies. All flights of a call depart before the first lands, so
/// that the nodes work at the same time without a thread for each.
///
/// The read timeout bounds the wait for each next byte; an alarm that closes the socket bounds
/// everything together, which for a blocked write is the only way.
final class Flight {
  private final RedisNode node;
  private final List<CommandArguments> commands;
  private final Background background;
  private final Duration read;
  private final Deadline deadline;
  private @Nullable Wire wire;
  private @Nullable Future<?> alarm;
  private @Nullable JedisException sendFailure;

  Flight(
      RedisNode node,
      List<CommandArguments> commands,
      Background background,
      Duration read,
      Deadline deadline) {
    this.node = node;
    this.commands = commands;
    this.background = background;
    this.read = read;
    this.deadline = deadline;
  }

  RedisNode node() {
    return node;
  }

  Flight depart() {
    Wire borrowed = node.borrow(deadline);
    wire = borrowed;
    if (borrowed != null) {
      alarm = background.after(deadline.remaining(), borrowed::cut);
      try {
        Duration left = deadline.remaining();
        borrowed.send(commands, read.compareTo(left) < 0 ? read : left);
      } catch (JedisException e) {
        sendFailure = e; // dealt with on landing
      }
    }
    return this;
  }

  /// The replies in order, error replies as exceptions among them; none if the node did not answer.
  List<Object> land() {
    Wire used = wire;
    if (used == null) {
      return List.of();
    }
    try {
      List<Object> replies = received(used);
      node.giveBack(used);
      if (replies.stream().noneMatch(JedisDataException.class::isInstance)) {
        node.succeeded();
      }
      return replies;
    } catch (JedisException e) {
      node.discard(used);
      if (used.reused() && !timedOut(e)) {
        // the server may have closed it long ago; the next is a new one
        return depart().land();
      }
      node.failed(e);
      return List.of();
    } finally {
      if (alarm != null) {
        alarm.cancel(false);
      }
    }
  }

  private List<Object> received(Wire used) {
    if (sendFailure != null) {
      JedisException failure = sendFailure;
      sendFailure = null;
      throw failure;
    }
    return used.receive(commands.size());
  }

  private boolean timedOut(JedisException e) {
    return e.getCause() instanceof SocketTimeoutException || deadline.passed();
  }
}

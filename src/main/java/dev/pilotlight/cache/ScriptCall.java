package dev.pilotlight.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/// One call of a script that Redis runs on one key, and its reply. It may travel with a look-up, in
/// the same round trip. For one use by one thread.
///
/// Redis keeps scripts until it restarts: the call names the script by its digest, and sends the
/// source, in a second round trip, only where Redis does not have it.
public final class ScriptCall {
  private static final byte[] ONE_KEY = {'1'};
  private static final String UNKNOWN_SCRIPT = "NOSCRIPT";

  /// A script in Lua, with its digest. Its result is an array of integers.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Script(byte[] source, byte[] digest) {
    /// Makes a script of its source.
    public static Script of(String lua) {
      byte[] source = lua.getBytes(StandardCharsets.UTF_8);
      try {
        byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(source);
        String hex = HexFormat.of().formatHex(sha1);
        return new Script(source, hex.getBytes(StandardCharsets.US_ASCII));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-1", e);
      }
    }
  }

  private final Script script;
  private final byte[] key;
  private final List<String> arguments;
  private final int size;
  private long @Nullable [] reply;
  private @Nullable JedisDataException refusal;

  /// @param key the name of the key, after the prefix `pl:`
  /// @param size how many integers the script returns
  public ScriptCall(Script script, String key, List<String> arguments, int size) {
    this.script = script;
    this.key = RedisValue.name(key);
    this.arguments = arguments;
    this.size = size;
  }

  /// The integers that the script returned; null if Redis did not answer, or refused to run it.
  public long @Nullable [] reply() {
    return reply;
  }

  /// Why Redis refused; null if it did not.
  public @Nullable Throwable refusal() {
    return refusal;
  }

  byte[] key() {
    return key;
  }

  CommandArguments byDigest() {
    return command(Protocol.Command.EVALSHA, script.digest());
  }

  CommandArguments bySource() {
    return command(Protocol.Command.EVAL, script.source());
  }

  private CommandArguments command(Protocol.Command command, byte[] text) {
    CommandArguments all = new CommandArguments(command).add(text).add(ONE_KEY).add(key);
    for (String argument : arguments) {
      all.add(argument);
    }
    return all;
  }

  /// Reads the reply to either command.
  void read(Replies replies) {
    switch (replies.integers(size)) {
      case long[] numbers -> {
        reply = numbers;
        refusal = null;
      }
      case JedisDataException refused -> refusal = refused;
      default -> throw new IllegalStateException();
    }
  }

  /// As [#read], for a round trip without keys.
  List<@Nullable Object> readAlone(Replies replies) {
    read(replies);
    return List.of();
  }

  /// Whether Redis does not have the script, and needs its source.
  boolean needsSource() {
    JedisDataException refused = refusal;
    return refused != null
        && refused.getMessage() != null
        && refused.getMessage().startsWith(UNKNOWN_SCRIPT);
  }

  /// Where the key is instead, if Redis answered that.
  Replies.@Nullable Redirection redirection() {
    return refusal instanceof Replies.Redirection elsewhere ? elsewhere : null;
  }
}

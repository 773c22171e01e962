package dev.pilotlight.cache;

import dev.pilotlight.domain.ResultKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/// The commands of a look-up at one node, in one round trip, and their replies.
///
/// @param atOnce whether one command may name all keys
/// @param script runs before the keys are read; null for none
record CacheLookUp(List<ResultKey> keys, boolean atOnce, @Nullable ScriptCall script) {
  List<CommandArguments> commands() {
    List<CommandArguments> commands = new ArrayList<>(1 + (atOnce ? 1 : keys.size()));
    if (script != null) {
      commands.add(script.byDigest());
    }
    if (!atOnce) {
      keys.forEach(
          key ->
              commands.add(new CommandArguments(Protocol.Command.GET).add(RedisValue.name(key))));
    } else if (!keys.isEmpty()) {
      CommandArguments all = new CommandArguments(Protocol.Command.MGET);
      keys.forEach(key -> all.add(RedisValue.name(key)));
      commands.add(all);
    }
    return commands;
  }

  /// The replies to the keys, in order; the script takes its own.
  List<@Nullable Object> read(Replies replies) {
    if (script != null) {
      script.read(replies);
    }
    int count = keys.size();
    return atOnce && count > 0 ? replies.values(count) : replies.valuesOneByOne(count);
  }
}

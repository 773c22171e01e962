package dev.pilotlight.files;

import dev.pilotlight.support.json.JsonBytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// A part of an owner's list.
///
/// @param hasMore whether there are items after the last of these
public record Page<T>(List<T> items, boolean hasMore) {
  /// The length of a page in JSON, in bytes, after which it has no further item.
  public static final int BYTES = 2_000_000;

  private static final int READ_MAX = 100;

  public Page {
    items = List.copyOf(items);
  }

  /// Reads the first items of a list, and one more to see whether there are more.
  ///
  /// @param ids in the list's order; a repeated id counts once
  /// @param limit at least 1
  /// @param read returns the items of up to 100 ids in their order, without those that do not exist
  public static <T> Page<T> first(
      Iterator<String> ids, int limit, Function<List<String>, List<T>> read) {
    List<T> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    int most = Math.min(limit, READ_MAX - 1) + 1;
    while (found.size() <= limit && ids.hasNext()) {
      List<String> some = new ArrayList<>();
      while (some.size() < most && ids.hasNext()) {
        String id = ids.next();
        if (seen.add(id)) {
          some.add(id);
        }
      }
      if (!some.isEmpty()) {
        found.addAll(read.apply(some));
      }
      most = READ_MAX; // many ids may have no item any more
    }
    boolean more = found.size() > limit;
    return new Page<>(more ? found.subList(0, limit) : found, more);
  }

  /// Writes a list of OpenAI's API. It ends at [#BYTES]: items may be long, and Lambda limits the
  /// response.
  ///
  /// @param write writes an item as a value
  /// @param id of an item
  public byte[] json(BiConsumer<T, JsonBytes> write, Function<T, String> id) {
    JsonBytes json = new JsonBytes().object().field("object", "list").name("data").array();
    List<String> ids = new ArrayList<>();
    for (T item : items) {
      if (json.length() > BYTES) {
        break;
      }
      write.accept(item, json);
      ids.add(id.apply(item));
    }
    boolean isCut = ids.size() < items.size();
    return json.endArray()
        .field("first_id", ids.isEmpty() ? null : ids.getFirst())
        .field("last_id", ids.isEmpty() ? null : ids.getLast())
        .field("has_more", isCut || hasMore)
        .endObject()
        .toByteArray();
  }
}

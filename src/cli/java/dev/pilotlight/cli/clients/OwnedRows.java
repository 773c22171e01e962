package dev.pilotlight.cli.clients;

import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.batch.openai.ApiBatchKeys;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.files.FileIds;
import dev.pilotlight.store.packed.PackKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/// A tenant's rows in the results table and objects in the buckets.
///
/// | row | is the tenant's by |
/// |---|---|
/// | results, kept answers | `tenant` |
/// | files, uploads, batches of OpenAI's API | `owner` |
/// | days of files and of such batches | the digest of the owner in `pk` |
/// | batches of S3 | the folder of `key`, if folders are tenants |
///
/// @param generation the latest generation; all earlier generations belong to the tenant as well
record OwnedRows(Place place, String tenant, long generation) {
  private static final String BATCH = JobItem.rowKey("");
  private static final String API_BATCH = ApiBatchKeys.row("");
  private static final List<String> DAYS = List.of("files#", "batches#");

  /// Reads a page of the rows.
  ///
  /// @param from key after which the page begins; empty for the first page
  Table.Page page(String from) throws Refused {
    String owner = owner(0);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(":owner", owner);
    values.put(":later", owner + "#");
    values.put(":files", DAYS.getFirst());
    values.put(":batches", DAYS.getLast());
    Map<String, String> names = new LinkedHashMap<>();
    names.put("#tenant", "tenant");
    names.put("#owner", "owner");
    String filter =
        "#tenant = :owner OR begins_with(#tenant, :later)"
            + " OR #owner = :owner OR begins_with(#owner, :later)"
            + " OR begins_with(pk, :files) OR begins_with(pk, :batches)";
    if (place.folders()) {
      filter += " OR (begins_with(pk, :batch) AND begins_with(#key, :folder))";
      names.put("#key", "key");
      values.put(":batch", BATCH);
      values.put(":folder", tenant + "/");
    }
    Object start = from.isEmpty() ? null : Map.of("pk", Map.of("S", from));
    Table.Page page = place.results().scan(filter, names, values, start);
    Set<String> folders = new LinkedHashSet<>(folders());
    List<Item> own = new ArrayList<>();
    for (Item item : page.items()) {
      String pk = item.text("pk");
      if (DAYS.stream().noneMatch(pk::startsWith) || folders.contains(pk.split("#", 3)[1])) {
        own.add(item);
      }
    }
    return new Table.Page(own, page.next());
  }

  /// Erases the objects first, then the rows, so that an interrupted run can find the objects
  /// again.
  ///
  /// @return the number of erased object versions
  long erase(List<Item> rows) throws Refused {
    long objects = eraseLarge(rows);
    Set<String> batches = new LinkedHashSet<>();
    List<Item> all = new ArrayList<>(rows);
    for (Item row : rows) {
      String pk = row.text("pk");
      if (pk.startsWith(API_BATCH)) {
        objects += eraseCopy(row.text("key"));
      }
      if (pk.startsWith(API_BATCH) || pk.startsWith(BATCH)) {
        String key = row.text("key");
        batches.add(new ObjectVersion(row.text("bucket"), key, "", "", -1, "").batchId());
      }
    }
    for (String id : batches) {
      PrivateKeys keys = new PrivateKeys(id);
      for (String prefix : List.of(keys.tails(), keys.continuations(), keys.shards())) {
        objects += place.out().deleteAll(prefix);
      }
      all.add(Item.of(JobItem.rowKey(id), ""));
      all.add(Item.of(Cancellation.rowKey(id), ""));
    }
    Map<String, Item> once = new LinkedHashMap<>();
    all.forEach(row -> once.put(row.text("pk"), row)); // DynamoDB refuses duplicate keys
    place.results().delete(List.copyOf(once.values()), "pk");
    return objects;
  }

  /// Erases the input copy of an OpenAI batch and its reports in Out.
  private long eraseCopy(String key) throws Refused {
    return key.isEmpty() ? 0 : place.in().deleteAll(key) + place.out().deleteAll(key);
  }

  private long eraseLarge(List<Item> items) throws Refused {
    Set<String> folders = new LinkedHashSet<>();
    for (Item item : items) {
      String key = item.text("s3_key");
      if (!key.isEmpty()) {
        String folder = "results/" + item.text("pk").replace('#', '/') + "/";
        if (!key.startsWith(folder)) {
          throw new Refused(
              "the item %s names the object %s, which is not in %s; nothing of this page was erased"
                  .formatted(item.text("pk"), key, folder));
        }
        folders.add(folder);
      }
    }
    long deleted = 0;
    for (String folder : folders) {
      deleted += place.large().deleteAll(folder);
    }
    return deleted;
  }

  /// Erases the objects of batches and files, and packed results.
  ///
  /// @return the number of erased versions
  long eraseObjects() throws Refused {
    long deleted = 0;
    if (place.folders()) {
      deleted += place.in().deleteAll(tenant + "/") + place.out().deleteAll(tenant + "/");
    }
    for (String folder : folders()) {
      deleted += place.out().deleteAll(FileIds.FILES + folder + "/");
      deleted += place.out().deleteAll(FileIds.UPLOADS + folder + "/");
    }
    for (long i = 0; i <= generation; i++) {
      deleted += place.large().deleteAll(PackKeys.ofOwner(owner(i)));
    }
    return deleted;
  }

  /// The digests of the owners, which the names of objects and days contain.
  private List<String> folders() {
    return LongStream.rangeClosed(0, generation).mapToObj(i -> FileIds.folder(owner(i))).toList();
  }

  private String owner(long ofGeneration) {
    return "key:" + tenant + (ofGeneration == 0 ? "" : "#" + ofGeneration);
  }
}

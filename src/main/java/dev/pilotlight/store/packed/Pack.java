package dev.pilotlight.store.packed;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A pack: an index of results, and their values, in one object. The index:
///
/// ```
/// form        1 byte
/// tenant      text
/// kinds       int, then each: model and version (texts), created and time to live (longs, seconds)
/// results     int, then each: its key (43 bytes), its kind, its offset and its length (ints)
/// CRC-32C     int, over all before
/// ```
///
/// The values follow, as [StoredResult] has them, with their own checksums. Offsets count from the
/// end of the index. Big-endian; texts as [DataOutputStream#writeUTF] has them.
///
/// @param bytes index and values
/// @param indexBytes the length of the index
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Pack(byte[] bytes, int indexBytes) {
  private static final int FORM = 1;
  private static final int KEY_CHARS = 43;

  private record Kind(String model, String version, long created, long timeToLive) {
    static Kind of(StoredResult result) {
      return new Kind(
          result.model(),
          result.version(),
          result.created().getEpochSecond(),
          result.timeToLive().toSeconds());
    }
  }

  /// Where a pack has a value.
  ///
  /// @param result with an empty value
  /// @param first its first byte in the pack
  /// @param length at least 1
  record Entry(StoredResult result, long first, int length) {}

  /// Packs results of one tenant, each key once.
  static Pack of(String tenant, Collection<StoredResult> results) {
    List<Kind> kinds = results.stream().map(Kind::of).distinct().toList();
    try {
      byte[] index = index(tenant, kinds, results);
      ByteArrayOutputStream all = new ByteArrayOutputStream(index.length + size(results));
      all.write(index);
      for (StoredResult result : results) {
        all.write(result.value());
      }
      return new Pack(all.toByteArray(), index.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory fails at no write
    }
  }

  private static int size(Collection<StoredResult> results) {
    return Math.toIntExact(results.stream().mapToLong(result -> result.value().length).sum());
  }

  private static byte[] index(String tenant, List<Kind> kinds, Collection<StoredResult> results)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(FORM);
    out.writeUTF(tenant);
    out.writeInt(kinds.size());
    Map<Kind, Integer> places = new LinkedHashMap<>();
    for (Kind kind : kinds) {
      places.put(kind, places.size());
      out.writeUTF(kind.model);
      out.writeUTF(kind.version);
      out.writeLong(kind.created);
      out.writeLong(kind.timeToLive);
    }
    out.writeInt(results.size());
    int offset = 0;
    for (StoredResult result : results) {
      out.writeBytes(result.key().id());
      out.writeInt(places.getOrDefault(Kind.of(result), 0));
      out.writeInt(offset);
      out.writeInt(result.value().length);
      offset += result.value().length;
    }
    out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    return bytes.toByteArray();
  }

  /// Finds a result in an index.
  ///
  /// @param index the whole index of a pack
  /// @param tenant another's pack holds nothing
  /// @return empty if the pack does not hold the key, or the index is damaged
  static Optional<Entry> find(byte[] index, ResultKey key, String tenant) {
    int length = index.length - Integer.BYTES;
    if (length < 1 || index[0] != FORM) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(index))) {
      byte[] content = in.readNBytes(length);
      return in.readInt() == checksum(content, length)
          ? find(content, index.length, key, tenant)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Entry> find(byte[] content, int indexBytes, ResultKey key, String tenant)
      throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    var _ = in.readByte();
    if (!in.readUTF().equals(tenant)) {
      return Optional.empty();
    }
    List<Kind> kinds = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      kinds.add(new Kind(in.readUTF(), in.readUTF(), in.readLong(), in.readLong()));
    }
    for (int left = in.readInt(); left > 0; left--) {
      String id = new String(in.readNBytes(KEY_CHARS), StandardCharsets.US_ASCII);
      int kind = in.readInt();
      int offset = in.readInt();
      int length = in.readInt();
      if (id.equals(key.id())) {
        StoredResult result = result(key, tenant, kinds.get(kind));
        return Optional.of(new Entry(result, (long) indexBytes + offset, length));
      }
    }
    return Optional.empty();
  }

  private static StoredResult result(ResultKey key, String tenant, Kind kind) {
    return new StoredResult(
        key,
        tenant,
        kind.model,
        kind.version,
        new byte[0],
        Instant.ofEpochSecond(kind.created),
        Duration.ofSeconds(kind.timeToLive));
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}

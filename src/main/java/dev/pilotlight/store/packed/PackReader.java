package dev.pilotlight.store.packed;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.packed.PackedId;
import dev.pilotlight.store.Budget;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Finds packed results by their ids, with three requests to S3 whatever the number of packs: one
/// lists the pack of the id's line, one reads its index, one reads the value. Packs that a former
/// owner of the batch has left may come before it, with lines of a former answer; so up to
/// [#PACKS_MAX] indexes are read, which makes five requests at most.
///
/// @param s3 of the bucket for large results
/// @param budget of the requests together
/// @param clock decides what has expired
public record PackReader(S3Client s3, String bucket, Duration budget, InstantSource clock) {
  private static final int PACKS_MAX = 3;

  /// Empty if there is no bucket for large results, and so no pack.
  public static Optional<PackReader> of(StoreSettings settings, Clients clients) {
    return settings
        .largeBucket()
        .map(
            bucket ->
                new PackReader(clients.s3(), bucket, settings.read(), InstantSource.system()));
  }

  /// Reads a result of a tenant. Nothing of another tenant's is fetched.
  ///
  /// @param meter counts the requests
  /// @return empty if there is none, or it has expired
  /// @throws StoreException if S3 did not answer in time
  public Optional<StoredResult> find(PackedId id, String tenant, Meter meter) {
    Deadline deadline = Deadline.in(budget);
    try {
      meter.objects(1, 0);
      for (String pack : packs(id, tenant, deadline)) {
        OptionalInt index = PackKeys.indexBytes(pack);
        Optional<StoredResult> found =
            index.isPresent()
                ? find(pack, index.getAsInt(), id, tenant, deadline, meter)
                : Optional.empty();
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    } catch (SdkException e) {
      throw new StoreException("a packed result was not read from S3", e);
    }
  }

  private List<String> packs(PackedId id, String tenant, Deadline deadline) {
    String batch = PackKeys.ofBatch(tenant, id.place());
    return s3
        .listObjectsV2(
            list ->
                list.bucket(bucket)
                    .prefix(batch)
                    .startAfter(PackKeys.after(batch, id.line() - 1))
                    .maxKeys(PACKS_MAX)
                    .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(deadline))))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  private Optional<StoredResult> find(
      String pack, int indexBytes, PackedId id, String tenant, Deadline deadline, Meter meter) {
    try {
      meter.objects(0, 1);
      byte[] index = read(pack, 0, indexBytes, deadline);
      Optional<Pack.Entry> entry =
          Pack.find(index, id.key(), tenant).filter(found -> !isExpired(found.result()));
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      meter.objects(0, 1);
      byte[] value = read(pack, entry.get().first(), entry.get().length(), deadline);
      return Optional.of(withValue(entry.get().result(), value));
    } catch (NoSuchKeyException e) {
      return Optional.empty(); // expired since it was listed
    }
  }

  private static StoredResult withValue(StoredResult result, byte[] value) {
    return new StoredResult(
        result.key(),
        result.tenant(),
        result.model(),
        result.version(),
        value,
        result.created(),
        result.timeToLive());
  }

  private boolean isExpired(StoredResult result) {
    return !result.created().plus(result.timeToLive()).isAfter(clock.instant());
  }

  private byte[] read(String pack, long first, int length, Deadline deadline) {
    return s3.getObjectAsBytes(
            get ->
                get.bucket(bucket)
                    .key(pack)
                    .range("bytes=%d-%d".formatted(first, first + length - 1))
                    .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(deadline))))
        .asByteArrayUnsafe();
  }
}

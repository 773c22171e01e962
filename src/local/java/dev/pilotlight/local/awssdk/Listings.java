package dev.pilotlight.local.awssdk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkResponses;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Answers with a page of a bucket's keys.
final class Listings {
  private Listings() {}

  /// Lists the keys that have a current object.
  static ListObjectsV2Response objects(Bucket bucket, Page.Query query) {
    Page page =
        Page.of(bucket.keys(), versions -> versions.getFirst() instanceof Version.Kept, query);
    return ListObjectsV2Response.builder()
        .contents(page.keys().stream().map(key -> object(bucket, key)).toList())
        .commonPrefixes(prefixes(page))
        .isTruncated(page.next() != null)
        .nextContinuationToken(page.next() == null ? null : toToken(page.next()))
        .build();
  }

  /// Lists all versions and markers of the page's keys. There may be more than were asked for,
  /// because no key is split between pages.
  static ListObjectVersionsResponse versions(Bucket bucket, Page.Query query) {
    Page page = Page.of(bucket.keys(), _ -> true, query);
    List<ObjectVersion> versions = new ArrayList<>();
    List<DeleteMarkerEntry> markers = new ArrayList<>();
    for (String key : page.keys()) {
      Deque<Version> all = Objects.requireNonNull(bucket.keys().get(key));
      for (Version version : all) {
        boolean latest = version.id().equals(all.getFirst().id());
        switch (version) {
          case Version.Kept kept -> versions.add(version(key, kept, latest));
          case Version.Marker marker -> markers.add(marker(key, marker, latest));
        }
      }
    }
    return ListObjectVersionsResponse.builder()
        .versions(versions)
        .deleteMarkers(markers)
        .commonPrefixes(prefixes(page))
        .isTruncated(page.next() != null)
        .nextKeyMarker(page.next())
        .build();
  }

  static String fromToken(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw S3Exceptions.invalidArgument("The continuation token is not one of this server's");
    }
  }

  // a key may have characters that the answer's XML cannot carry
  private static String toToken(String key) {
    return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static S3Object object(Bucket bucket, String key) {
    Version.Kept version = Objects.requireNonNull(bucket.current(key));
    return S3Object.builder()
        .key(key)
        .eTag(version.head().eTag())
        .size(version.head().contentLength())
        .lastModified(version.lastModified())
        .storageClass(Objects.requireNonNullElse(version.head().storageClassAsString(), "STANDARD"))
        .build();
  }

  private static ObjectVersion version(String key, Version.Kept version, boolean latest) {
    return ObjectVersion.builder()
        .key(key)
        .versionId(version.id())
        .isLatest(latest)
        .eTag(version.head().eTag())
        .size(version.head().contentLength())
        .lastModified(version.lastModified())
        .build();
  }

  private static DeleteMarkerEntry marker(String key, Version.Marker marker, boolean latest) {
    return DeleteMarkerEntry.builder()
        .key(key)
        .versionId(marker.id())
        .isLatest(latest)
        .lastModified(marker.lastModified())
        .build();
  }

  private static List<CommonPrefix> prefixes(Page page) {
    return page.prefixes().stream().map(SdkResponses::commonPrefix).toList();
  }
}

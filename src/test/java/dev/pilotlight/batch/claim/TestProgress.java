package dev.pilotlight.batch.claim;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;

import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Attributes of a batch's item, as the function writes them.
public final class TestProgress {
  private TestProgress() {}

  /// Those of a version with a checkpoint.
  public static Map<String, AttributeValue> attributes(ObjectVersion version, Progress progress) {
    Map<String, AttributeValue> item = new HashMap<>(JobItem.attributes(version));
    item.put("progress", fromB(SdkBytes.fromByteArray(ProgressCodec.encode(progress))));
    return item;
  }

  /// The attribute of a checkpoint as a release wrote it that knew no plans of models.
  public static AttributeValue withDigestsAlone(AttributeValue progress) {
    Progress all = ProgressCodec.decode(progress.b().asByteArray());
    Map<String, String> digests = new HashMap<>(all.models());
    digests.replaceAll((_, fingerprint) -> fingerprint.substring(0, fingerprint.indexOf('/')));
    Progress older =
        new Progress(
            all.phase(), all.offset(), all.counts(), all.out(), all.errors(), digests, all.form());
    return fromB(SdkBytes.fromByteArray(ProgressCodec.encode(older)));
  }
}

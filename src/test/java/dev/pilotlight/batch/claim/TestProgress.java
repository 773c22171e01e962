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
}

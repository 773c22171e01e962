package dev.pilotlight.local.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.template.LocalAccount;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/// A message of an SQS queue as Lambda's event source mapping hands it to a function.
///
/// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
///
/// @param id of the message
/// @param queue its name
/// @param body the event in it
/// @param sent when the queue took it
record QueueEvent(String id, String queue, byte[] body, Instant sent) {
  static QueueEvent of(String queue, byte[] body) {
    return new QueueEvent(UUID.randomUUID().toString(), queue, body, Instant.now());
  }

  /// @param received how often the queue has delivered it, this time included
  byte[] json(int received) {
    ObjectNode event = Json.object();
    ObjectNode record = event.putArray("Records").addObject();
    String millis = Long.toString(sent.toEpochMilli());
    record
        .put("messageId", id)
        .put("receiptHandle", "LOCAL-" + received)
        .put("body", new String(body, StandardCharsets.UTF_8));
    record
        .putObject("attributes")
        .put("ApproximateReceiveCount", Integer.toString(received))
        .put("SentTimestamp", millis)
        .put("SenderId", LocalAccount.ID)
        .put("ApproximateFirstReceiveTimestamp", millis);
    record.putObject("messageAttributes");
    record
        .put("md5OfBody", md5())
        .put("eventSource", "aws:sqs")
        .put(
            "eventSourceARN",
            "arn:aws:sqs:%s:%s:%s".formatted(LocalAccount.REGION, LocalAccount.ID, queue))
        .put("awsRegion", LocalAccount.REGION);
    return Json.bytes(event);
  }

  private String md5() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

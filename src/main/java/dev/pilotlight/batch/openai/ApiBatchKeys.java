package dev.pilotlight.batch.openai;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The keys of a batch of OpenAI's API: of its row in the results' table, and of the copy of its
/// file in the input bucket.
public final class ApiBatchKeys {
  private static final String ROW = "openai-batch#";
  private static final String FOLDER = "openai/";
  private static final Pattern COPY =
      Pattern.compile("(?:.*/)?openai/(batch_[0-9a-f]{32})\\.jsonl");

  private ApiBatchKeys() {}

  /// The `pk` of a batch's row.
  public static String row(String id) {
    return ROW + id;
  }

  /// The key of the copy of a batch's file.
  ///
  /// @param folder of the tenant with its slash, after the prefix of all batches; may be empty
  static String copy(String folder, String id) {
    return folder + FOLDER + id + ".jsonl";
  }

  /// The id of the batch whose copy may have a key; empty for other objects.
  public static String idOf(String key) {
    Matcher copy = COPY.matcher(key);
    return copy.matches() ? copy.group(1) : "";
  }
}

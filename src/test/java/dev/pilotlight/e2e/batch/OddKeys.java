package dev.pilotlight.e2e.batch;

import java.util.stream.Stream;

/// Keys that S3 takes, each of an object that is answered.
final class OddKeys {
  /// S3's longest key less the longest of our suffixes.
  static final int KEY_BYTES_MAX = 1_011;

  private OddKeys() {}

  static Stream<String> all() {
    return Stream.of(
        "a b.jsonl",
        " blanks around .jsonl",
        "a+b.jsonl",
        "100%.jsonl",
        "a%2Bb.jsonl",
        "a%20b+c d.jsonl",
        "a%2Fb.jsonl",
        "grüße/日本語.jsonl",
        "e\u0301.jsonl",
        "🚀.jsonl",
        "it's \"quoted\".jsonl",
        "a&b=c;d,e:f@g$h!.jsonl",
        "a#b.jsonl",
        "a?b=c.jsonl",
        "<a>&amp;</a>.jsonl",
        "back\\slash|{}[]`^~.jsonl",
        "tab\tin.jsonl",
        "/leading.jsonl",
        "double//slash//.jsonl",
        "./a.jsonl",
        "a/../b.jsonl",
        ".jsonl",
        "..jsonl",
        "x.out.jsonl",
        "x.jsonl.jsonl",
        "not.pilotlight/x.jsonl",
        ofBytes(KEY_BYTES_MAX));
  }

  static String ofBytes(int bytes) {
    String suffix = ".jsonl";
    return "ü".repeat((bytes - suffix.length()) / 2) + (bytes % 2 == 0 ? "" : "k") + suffix;
  }
}

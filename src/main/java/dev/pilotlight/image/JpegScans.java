package dev.pilotlight.image;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Follows the scans of a progressive JPEG file: where some are missing, decoders guess, and each
/// version guesses otherwise.
final class JpegScans {
  private static final int COEFFICIENTS = 64;
  private static final int RST0 = 0xD0;
  private static final int RST7 = 0xD7;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int MARKER = 0xFF;
  private static final int MISSING = 1;

  private final byte[] file;
  // by component, for each coefficient the bits that no scan has had yet
  private final Map<Integer, int[]> missing = new HashMap<>();

  private JpegScans(byte[] file) {
    this.file = file;
  }

  /// Whether the scans have every bit of every coefficient.
  ///
  /// @param from the marker of the first scan
  static boolean areComplete(byte[] file, int from, int components) {
    JpegScans scans = new JpegScans(file);
    scans.walk(from);
    return scans.missing.size() == components
        && scans.missing.values().stream()
            .allMatch(bits -> Arrays.stream(bits).allMatch(count -> count == 0));
  }

  private void walk(int from) {
    int at = from;
    while (at + 3 < file.length) {
      int marker = file[at + 1] & 0xFF;
      if ((file[at] & 0xFF) != MARKER || marker == 0 || isRestart(marker) || marker == MARKER) {
        at++;
        continue;
      }
      if (marker == EOI) {
        return;
      }
      int length = (file[at + 2] & 0xFF) << Byte.SIZE | (file[at + 3] & 0xFF);
      if (marker == SOS && at + 2 + length <= file.length) {
        scan(at + 4);
      }
      at += 2 + length;
    }
  }

  private static boolean isRestart(int marker) {
    return marker >= RST0 && marker <= RST7;
  }

  /// @param at the number of the scan's components
  private void scan(int at) {
    int components = file[at];
    int range = at + 1 + 2 * components;
    int first = file[range] & 0xFF;
    int last = Math.min(file[range + 1] & 0xFF, COEFFICIENTS - 1);
    int low = file[range + 2] & 0xF;
    for (int i = 0; i < components; i++) {
      int[] bits =
          missing.computeIfAbsent(
              file[at + 1 + 2 * i] & 0xFF,
              _ -> {
                int[] all = new int[COEFFICIENTS];
                Arrays.fill(all, MISSING);
                return all;
              });
      for (int coefficient = first; coefficient <= last; coefficient++) {
        bits[coefficient] = low;
      }
    }
  }
}

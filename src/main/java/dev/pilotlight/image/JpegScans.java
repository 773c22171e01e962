package dev.pilotlight.image;

import static dev.pilotlight.image.ImageHeader.broken;
import static dev.pilotlight.image.ImageHeader.unsupported;
import static dev.pilotlight.image.JpegHeader.EOI;
import static dev.pilotlight.image.JpegHeader.MARKER;
import static dev.pilotlight.image.JpegHeader.RST0;
import static dev.pilotlight.image.JpegHeader.SOF0;
import static dev.pilotlight.image.JpegHeader.SOS;
import static dev.pilotlight.image.JpegHeader.TEM;

import java.util.Arrays;

/// Follows the scans of a JPEG file before it is decoded.
///
/// Where some are missing, decoders guess, and each version guesses otherwise. Each scan makes the
/// decoder pass over all blocks of its components, however few bytes the scan has, so their number
/// is bounded.
final class JpegScans {
  /// The most passes over a component in a progressive file; libjpeg's own script has 14 of them
  /// for three components.
  private static final int PASSES_MAX = 40;

  private static final int COEFFICIENTS = 64;
  private static final int COMPONENTS_MAX = 4;
  private static final int HEAD_BYTES = 6;
  private static final int RST7 = 0xD7;
  private static final int MISSING = 1;

  private final byte[] file;
  private final byte[] ids;
  // by component, for each coefficient the bits that no scan has had yet
  private final int[][] missing;
  // by component
  private final int[] passes;

  private JpegScans(byte[] file, byte[] ids) {
    this.file = file;
    this.ids = ids;
    this.passes = new int[ids.length];
    this.missing = new int[ids.length][COEFFICIENTS];
    for (int[] bits : missing) {
      Arrays.fill(bits, MISSING);
    }
  }

  /// Checks that the scans have every bit of every coefficient, without too many passes.
  ///
  /// @param from the marker of the first scan
  /// @param ids of the frame's components
  /// @throws dev.pilotlight.domain.Refusal `UNSUPPORTED_MEDIA_TYPE` if scans are missing or too
  ///   many, `INVALID` if one is broken
  static void check(byte[] file, int from, byte[] ids, boolean progressive) {
    JpegScans scans = new JpegScans(file, ids);
    scans.walk(from, progressive);
    for (int component = 0; component < ids.length; component++) {
      boolean complete =
          progressive
              ? Arrays.stream(scans.missing[component]).allMatch(bits -> bits == 0)
              : scans.passes[component] == 1;
      if (!complete) {
        throw unsupported(
            "the %s JPEG file lacks some of its scans"
                .formatted(progressive ? "progressive" : "baseline"));
      }
    }
  }

  private void walk(int from, boolean progressive) {
    int at = from;
    while (at + 1 < file.length) {
      int marker = file[at + 1] & 0xFF;
      if ((file[at] & 0xFF) != MARKER || isAlone(marker)) {
        at++;
        continue;
      }
      if (marker == EOI) {
        return;
      }
      if (marker < SOF0) { // libjpeg looks for scans in what would be its segment
        throw broken(ImageFormat.JPEG, "it has an unknown marker");
      }
      int length = at + 3 < file.length ? JpegHeader.unsigned(file, at + 2) : 0;
      if (length < 2 || length > file.length - at - 2) {
        throw broken(ImageFormat.JPEG, "a segment is longer than the file");
      }
      if (marker == SOS) {
        scan(at + 4, length);
        requireFew(progressive);
      }
      at += 2 + length;
    }
  }

  /// Whether these are data, fill bytes or a marker without a length.
  private static boolean isAlone(int marker) {
    return marker == 0 || marker == TEM || marker == MARKER || (marker >= RST0 && marker <= RST7);
  }

  /// @param at the number of the scan's components
  /// @param length of the scan's header
  private void scan(int at, int length) {
    int components = length > 2 ? file[at] & 0xFF : 0;
    if (components < 1 || components > COMPONENTS_MAX || length != HEAD_BYTES + 2 * components) {
      throw broken(ImageFormat.JPEG, "a scan's header has %d bytes".formatted(length));
    }
    int range = at + 1 + 2 * components;
    int first = file[range] & 0xFF;
    int last = Math.min(file[range + 1] & 0xFF, COEFFICIENTS - 1);
    int low = file[range + 2] & 0xF;
    for (int i = 0; i < components; i++) {
      int component = component(file[at + 1 + 2 * i]);
      passes[component]++;
      for (int coefficient = first; coefficient <= last; coefficient++) {
        missing[component][coefficient] = low;
      }
    }
  }

  private int component(byte id) {
    for (int component = 0; component < ids.length; component++) {
      if (ids[component] == id) {
        return component;
      }
    }
    throw broken(ImageFormat.JPEG, "a scan is of an unknown component");
  }

  private void requireFew(boolean progressive) {
    if (progressive && Arrays.stream(passes).sum() > PASSES_MAX) {
      throw unsupported(
          "the progressive JPEG file has too many scans; up to %d of one component are accepted"
              .formatted(PASSES_MAX));
    }
    if (!progressive && Arrays.stream(passes).anyMatch(count -> count > 1)) {
      throw broken(ImageFormat.JPEG, "it has several scans of one component");
    }
  }
}

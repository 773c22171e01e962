package dev.pilotlight.image;

import static dev.pilotlight.image.JpegHeader.MARKER;
import static dev.pilotlight.image.JpegHeader.RST0;
import static dev.pilotlight.image.JpegHeader.SOI;
import static dev.pilotlight.image.JpegHeader.SOS;
import static dev.pilotlight.image.JpegHeader.TEM;

/// Hides the colour profile of a JPEG file from the JDK's reader, which would load colour
/// management for it and warn of a damaged one. No profile changes a pixel here.
final class JpegProfile {
  private static final int APP2 = 0xE2;
  private static final int APP15 = 0xEF;

  private JpegProfile() {}

  /// The file with another name for the segments that can hold a profile.
  ///
  /// @param file a JPEG file whose segments were checked
  static byte[] hidden(byte[] file) {
    byte[] copy = file.clone();
    int at = 2;
    while (true) {
      int marker = copy[at + 1] & 0xFF;
      if (marker == SOS) {
        return copy;
      }
      if (marker == MARKER) {
        at++;
      } else if (marker == TEM || (marker >= RST0 && marker <= SOI)) {
        at += 2;
      } else {
        if (marker == APP2) {
          copy[at + 1] = (byte) APP15;
        }
        at += 2 + JpegHeader.unsigned(copy, at + 2);
      }
    }
  }
}

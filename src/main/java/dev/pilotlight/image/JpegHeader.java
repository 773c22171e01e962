package dev.pilotlight.image;

import static dev.pilotlight.image.ImageHeader.broken;
import static dev.pilotlight.image.ImageHeader.unsupported;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.image.ImageHeader.Colours;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads the segments of a JPEG file up to the first scan.
final class JpegHeader {
  static final int MARKER = 0xFF;
  static final int TEM = 0x01;
  static final int SOF0 = 0xC0;
  static final int RST0 = 0xD0;
  static final int SOI = 0xD8;
  static final int EOI = 0xD9;
  static final int SOS = 0xDA;

  private static final int SOF2 = 0xC2;
  private static final int DHT = 0xC4;
  private static final int JPG = 0xC8;
  private static final int DAC = 0xCC;
  private static final int SOF15 = 0xCF;
  private static final int APP1 = 0xE1;
  private static final int APP0 = 0xE0;
  private static final int APP14 = 0xEE;
  private static final int FRAME_BYTES = 6;
  private static final int COMPONENT_BYTES = 3;
  private static final int JFIF_BYTES = 14;
  private static final int TRANSFORM_AT = 11;
  private static final byte[] EXIF = ascii("Exif\0\0");
  private static final byte[] XMP = ascii("http://ns.adobe.com/xap/1.0/\0");
  private static final byte[] ADOBE = ascii("Adobe");
  private static final byte[] JFIF = ascii("JFIF\0");

  private final byte[] bytes;
  private final List<byte[]> exif = new ArrayList<>();
  private byte[] xmp = {};
  private boolean jfif;
  private int transform = -1;
  private byte[] frame = {};
  private boolean progressive;
  private int scans;

  private JpegHeader(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @throws Refusal as [ImageHeader#read] does
  static ImageHeader read(byte[] bytes) {
    JpegHeader header = new JpegHeader(bytes);
    header.walk();
    return header.header();
  }

  private void walk() {
    int at = 2;
    while (true) {
      int marker = marker(at);
      while (marker == MARKER) { // any number of fill bytes
        at++;
        marker = marker(at);
      }
      at += 2;
      if (marker == TEM || (marker >= RST0 && marker <= SOI)) {
        continue;
      }
      if (marker == EOI) {
        throw broken(ImageFormat.JPEG, "it ends before its first scan");
      }
      int length = at + 2 <= bytes.length ? unsigned(bytes, at) : 0;
      if (length < 2 || length > bytes.length - at) {
        throw broken(ImageFormat.JPEG, "a segment is longer than the file");
      }
      segment(marker, Arrays.copyOfRange(bytes, at + 2, at + length));
      at += length;
      if (marker == SOS) {
        scans = at - length - 2;
        return;
      }
    }
  }

  private int marker(int at) {
    if (at + 1 >= bytes.length) {
      throw broken(ImageFormat.JPEG, "it ends before its first scan");
    }
    if (bytes[at] != (byte) MARKER) {
      throw broken(ImageFormat.JPEG, "a segment does not begin with a marker");
    }
    return bytes[at + 1] & 0xFF;
  }

  private void segment(int marker, byte[] data) {
    if (marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC) {
      requireDecoded(marker);
      if (frame.length > 0) {
        throw broken(ImageFormat.JPEG, "it has several frames");
      }
      frame = data;
      progressive = marker == SOF2;
    } else if (marker == APP1 && begins(data, EXIF)) {
      exif.add(Arrays.copyOfRange(data, EXIF.length, data.length));
    } else if (marker == APP1 && begins(data, XMP)) {
      xmp = Arrays.copyOfRange(data, XMP.length, data.length);
    } else if (marker == APP0 && begins(data, JFIF) && data.length >= JFIF_BYTES) {
      jfif = true;
    } else if (marker == APP14 && begins(data, ADOBE) && data.length > TRANSFORM_AT) {
      transform = data[TRANSFORM_AT] & 0xFF;
    }
  }

  private static void requireDecoded(int marker) {
    if (marker > SOF2) {
      throw unsupported(
          "the image is a %s JPEG file; baseline and progressive ones are accepted"
              .formatted(
                  switch (marker) {
                    case 0xC3 -> "lossless";
                    case 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF -> "arithmetic-coded";
                    default -> "hierarchical";
                  }));
    }
  }

  private ImageHeader header() {
    if (frame.length < FRAME_BYTES + COMPONENT_BYTES) {
      throw broken(ImageFormat.JPEG, "it has no frame before its first scan");
    }
    int bits = frame[0] & 0xFF;
    int height = unsigned(frame, 1);
    int width = unsigned(frame, 3);
    int components = frame[5] & 0xFF;
    if (bits != Byte.SIZE) {
      throw unsupported("the JPEG file has %d bits a sample; 8 bits are accepted".formatted(bits));
    }
    if (width == 0 || height == 0) {
      throw broken(ImageFormat.JPEG, "its frame is %d × %d pixels".formatted(width, height));
    }
    if (frame.length < FRAME_BYTES + components * COMPONENT_BYTES) {
      throw broken(ImageFormat.JPEG, "its frame is too short");
    }
    Colours colours =
        switch (components) {
          case 1 -> Colours.GREY;
          case 3 -> threeComponents();
          case 4 ->
              throw unsupported("the JPEG file has four colours (CMYK or YCCK); convert it to RGB");
          default ->
              throw unsupported(
                  "the JPEG file has %d colours; 1 and 3 are accepted".formatted(components));
        };
    byte[] ids = new byte[components];
    for (int component = 0; component < components; component++) {
      ids[component] = frame[FRAME_BYTES + component * COMPONENT_BYTES];
    }
    JpegScans.check(bytes, scans, ids, progressive);
    int orientation = Orientation.find(exif, xmp);
    return new ImageHeader(ImageFormat.JPEG, width, height, colours, orientation);
  }

  private Colours threeComponents() {
    requireSampling();
    return isYCbCr() ? Colours.YCBCR : Colours.RGB;
  }

  /// Refuses chrominances that libjpeg 6b, which the JDK has, enlarges in another way than
  /// libjpeg-turbo, which Pillow has.
  private void requireSampling() {
    int luminance = sampling(0);
    for (int component = 1; component < 3; component++) {
      int chrominance = sampling(component);
      int across = (luminance >> 4) / Math.max(1, chrominance >> 4);
      int down = (luminance & 0xF) / Math.max(1, chrominance & 0xF);
      boolean exact =
          across * (chrominance >> 4) == luminance >> 4
              && down * (chrominance & 0xF) == (luminance & 0xF)
              && (down == 1 ? across == 1 || across == 2 || across == 4 : down == 2 && across == 2);
      if (!exact) {
        throw unsupported(
            "the JPEG file has an unusual sampling of colours; 4:4:4, 4:2:2, 4:2:0 and 4:1:1 are"
                + " accepted");
      }
    }
  }

  /// Four bits each: how many blocks a component has across and down.
  private int sampling(int component) {
    return frame[FRAME_BYTES + component * COMPONENT_BYTES + 1] & 0xFF;
  }

  /// As libjpeg guesses: by JFIF's segment, Adobe's transform, else the components' ids.
  private boolean isYCbCr() {
    if (jfif) {
      return true;
    }
    if (transform >= 0) {
      return transform != 0;
    }
    byte[] ids = {
      frame[FRAME_BYTES],
      frame[FRAME_BYTES + COMPONENT_BYTES],
      frame[FRAME_BYTES + 2 * COMPONENT_BYTES]
    };
    return !Arrays.equals(ids, ascii("RGB"));
  }

  static int unsigned(byte[] data, int at) {
    return (data[at] & 0xFF) << Byte.SIZE | (data[at + 1] & 0xFF);
  }

  private static boolean begins(byte[] data, byte[] prefix) {
    return data.length >= prefix.length
        && Arrays.equals(data, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

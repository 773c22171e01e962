package dev.pilotlight.image;

import static dev.pilotlight.image.ImageHeader.broken;
import static dev.pilotlight.image.ImageHeader.unsupported;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.image.ImageHeader.Colours;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Reads the chunks of a PNG file, without its pixels.
final class PngHeader {
  static final int SIGNATURE = 8;
  static final int FRAME = 12; // length, name and checksum of a chunk
  private static final int HEADER = 13;
  private static final int TEXT_BYTES_MAX = 1 << 20;
  private static final String RAW_EXIF = "Raw profile type exif";
  private static final String XMP = "XML:com.adobe.xmp";

  private final ByteBuffer file;
  private byte[] header = {};
  private boolean pixels;
  private boolean palette;
  private byte[] exif = {};
  // read when all chunks are seen: only the last of each counts, and they may be many
  private Text profile = Text.NONE;
  private Text xmp = Text.NONE;

  private PngHeader(byte[] bytes) {
    this.file = ByteBuffer.wrap(bytes);
  }

  /// @throws Refusal as [ImageHeader#read] does
  static ImageHeader read(byte[] bytes) {
    PngHeader png = new PngHeader(bytes);
    png.walk();
    return png.header();
  }

  private void walk() {
    int at = SIGNATURE;
    String name = "";
    while (!name.equals("IEND")) {
      long length = file.capacity() - at < FRAME ? -1 : Integer.toUnsignedLong(file.getInt(at));
      if (length < 0 || length > file.capacity() - at - FRAME) {
        throw broken(ImageFormat.PNG, "it is truncated");
      }
      byte[] chunk = Arrays.copyOfRange(file.array(), at + 8, at + 8 + (int) length);
      name = new String(file.array(), at + 4, 4, StandardCharsets.ISO_8859_1);
      if (at == SIGNATURE && !name.equals("IHDR")) {
        throw broken(ImageFormat.PNG, "it does not begin with its header");
      }
      requireChecksum(name, at, chunk.length);
      chunk(name, chunk);
      at += FRAME + chunk.length;
    }
    if (!pixels) {
      throw broken(ImageFormat.PNG, "it has no pixels");
    }
  }

  private void requireChecksum(String name, int at, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(file.array(), at + 4, 4 + length);
    if ((int) checksum.getValue() != file.getInt(at + 8 + length)) {
      throw broken(ImageFormat.PNG, "the checksum of a chunk " + name + " is wrong");
    }
  }

  private void chunk(String name, byte[] data) {
    switch (name) {
      case "IHDR" -> {
        if (header.length > 0 || data.length != HEADER) {
          throw broken(ImageFormat.PNG, "its header has %d bytes".formatted(data.length));
        }
        header = data;
      }
      case "PLTE" -> palette = true;
      case "IDAT" -> pixels = true;
      case "acTL" -> throw unsupported("the PNG file is animated; send one frame as PNG");
      case "eXIf" -> exif = data;
      case "tEXt", "zTXt", "iTXt" -> text(name, data);
      default -> {}
    }
  }

  /// Keeps EXIF and XMP data, the latter also in a text of two forms.
  private void text(String chunk, byte[] data) {
    int end = indexOf(data, 0);
    if (end < 0) {
      return;
    }
    switch (new String(data, 0, end, StandardCharsets.ISO_8859_1)) {
      case RAW_EXIF -> profile = new Text(chunk, data, end + 1);
      case XMP -> xmp = new Text(chunk, data, end + 1);
      default -> {}
    }
  }

  /// A text as its chunk has it.
  ///
  /// @param at the byte after the text's name
  private record Text(String chunk, byte[] data, int at) {
    private static final Text NONE = new Text("tEXt", new byte[0], 0);

    byte[] value() {
      return switch (chunk) {
        case "tEXt" -> Arrays.copyOfRange(data, at, data.length);
        case "zTXt" -> inflate(data, at + 1);
        default -> {
          int language = indexOf(data, at + 2);
          int keyword = language < 0 ? -1 : indexOf(data, language + 1);
          if (keyword < 0) {
            yield new byte[0];
          }
          yield data[at] == 0
              ? Arrays.copyOfRange(data, keyword + 1, data.length)
              : inflate(data, keyword + 1);
        }
      };
    }
  }

  private static byte[] inflate(byte[] data, int at) {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(data, Math.min(at, data.length), Math.max(0, data.length - at));
      byte[] text = new byte[TEXT_BYTES_MAX];
      int length = inflater.inflate(text);
      if (!inflater.finished()) {
        throw broken(ImageFormat.PNG, "a compressed text is truncated or over 1 MiB");
      }
      return Arrays.copyOf(text, length);
    } catch (DataFormatException e) {
      throw broken(ImageFormat.PNG, "a compressed text is not valid");
    }
  }

  /// ImageMagick's form: a name and a length on three lines, then hexadecimal digits.
  private static byte[] profile(byte[] text) {
    String[] lines = new String(text, StandardCharsets.ISO_8859_1).split("\n", -1);
    StringBuilder digits = new StringBuilder();
    for (int i = 3; i < lines.length; i++) {
      digits.append(lines[i].strip());
    }
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException e) {
      throw broken(ImageFormat.PNG, "its EXIF data is not hexadecimal");
    }
  }

  private static int indexOf(byte[] data, int from) {
    for (int i = from; i < data.length; i++) {
      if (data[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private ImageHeader header() {
    ByteBuffer head = ByteBuffer.wrap(header);
    int width = head.getInt();
    int height = head.getInt();
    int bits = head.get();
    int type = head.get();
    if (width < 1 || height < 1) {
      throw broken(
          ImageFormat.PNG,
          "it has %s × %s pixels"
              .formatted(Integer.toUnsignedString(width), Integer.toUnsignedString(height)));
    }
    if (bits == Short.SIZE) {
      throw unsupported("the PNG file has 16 bits a sample; 8 bits or fewer are accepted");
    }
    boolean few = bits == 1 || bits == 2 || bits == 4;
    int compression = head.get();
    int filter = head.get();
    int interlace = head.get();
    boolean known = compression == 0 && filter == 0 && (interlace == 0 || interlace == 1);
    if (!known || !(few || bits == Byte.SIZE)) {
      throw broken(ImageFormat.PNG, "its header has unknown values");
    }
    Colours colours = few ? fewBits(type) : colours(type);
    if (colours == Colours.PALETTE && !palette) {
      throw broken(ImageFormat.PNG, "it has no palette");
    }
    byte[] tiff = exif.length > 0 ? exif : profile(profile.value());
    int orientation = Orientation.find(List.of(tiff), xmp.value());
    return new ImageHeader(ImageFormat.PNG, width, height, colours, orientation);
  }

  private static Colours fewBits(int type) {
    return switch (type) {
      case 0 -> Colours.GREY;
      case 3 -> Colours.PALETTE;
      default -> throw unknown(type);
    };
  }

  private static Colours colours(int type) {
    return switch (type) {
      case 0, 4 -> Colours.GREY;
      case 2, 6 -> Colours.RGB;
      case 3 -> Colours.PALETTE;
      default -> throw unknown(type);
    };
  }

  private static Refusal unknown(int type) {
    return broken(ImageFormat.PNG, "its header has the unknown colour type %d".formatted(type));
  }
}

package dev.pilotlight.image;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.image.ImageHeader.Colours;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Decodes JPEG and PNG by the JDK's readers: their samples, without colour management. It is the
/// only class that uses the module `java.desktop`.
final class ImageDecoder {
  private static final String NO_MEMORY = "Insufficient memory";
  private static final int[] RGB_ORDER = {0, 1, 2};

  private ImageDecoder() {}

  /// @param header of these bytes
  /// @throws Refusal `INVALID` if the pixels cannot be decoded
  static Pixels decode(byte[] bytes, ImageHeader header) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(header.format().label()).next();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(prepared(bytes, header)))) {
      Warnings warnings = new Warnings();
      reader.addIIOReadWarningListener(warnings);
      reader.setInput(in, true, true);
      Pixels pixels =
          header.format() == ImageFormat.JPEG
              ? jpeg(reader.readRaster(0, null), header)
              : png(reader.read(0), header);
      warnings.refuse(header.format());
      return pixels;
    } catch (IOException | RuntimeException e) {
      throw refusal(e, header.format());
    } finally {
      reader.dispose();
    }
  }

  /// The bytes for the JDK's reader, which give the pixels that Pillow has.
  private static byte[] prepared(byte[] bytes, ImageHeader header) {
    return switch (header.format()) {
      case JPEG -> JpegProfile.hidden(bytes);
      default -> header.colours() == Colours.PALETTE ? PngPalette.completed(bytes) : bytes;
    };
  }

  /// The refusal of a file that a reader failed on.
  ///
  /// @throws Error if the reader failed for that: the PNG reader wraps what it catches, and libjpeg
  ///   has a message for a lack of memory, which are not the file's fault
  static Refusal refusal(Exception failure, ImageFormat format) {
    if (failure instanceof Refusal refusal) {
      return refusal;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Error error) {
        throw error;
      }
      String message = cause.getMessage();
      if (message != null && message.startsWith(NO_MEMORY)) {
        throw new OutOfMemoryError(message);
      }
    }
    return ImageHeader.broken(format, "its pixels cannot be decoded");
  }

  private static Pixels jpeg(Raster raster, ImageHeader header) {
    requireSize(raster, header);
    if (header.colours() == Colours.GREY) {
      return grey(raster);
    }
    Pixels pixels = new Pixels(raster.getWidth(), raster.getHeight(), samples(raster));
    if (header.colours() == Colours.YCBCR) {
      YCbCr.toRgb(pixels.rgb());
    }
    return pixels;
  }

  private static Pixels png(BufferedImage image, ImageHeader header) {
    Raster raster = image.getRaster();
    requireSize(raster, header);
    ColorModel colours = image.getColorModel();
    return switch (colours) {
      case IndexColorModel palette -> indexed(raster, palette);
      case ColorModel _ when header.colours() == Colours.GREY -> grey(raster);
      case ColorModel _ -> new Pixels(raster.getWidth(), raster.getHeight(), samples(raster));
    };
  }

  private static void requireSize(Raster raster, ImageHeader header) {
    if (raster.getWidth() != header.width() || raster.getHeight() != header.height()) {
      throw ImageHeader.broken(header.format(), "its pixels are not as many as its header has");
    }
  }

  /// The first three bands; alpha is left out, as Pillow's conversion to RGB does.
  private static byte[] samples(Raster raster) {
    if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
        && model.getPixelStride() == Pixels.BANDS
        && model.getScanlineStride() == raster.getWidth() * Pixels.BANDS
        && Arrays.equals(model.getBandOffsets(), RGB_ORDER)
        && raster.getDataBuffer() instanceof DataBufferByte data
        && data.getData().length == raster.getWidth() * raster.getHeight() * Pixels.BANDS) {
      return data.getData();
    }
    byte[] rgb = new byte[raster.getWidth() * raster.getHeight() * Pixels.BANDS];
    int bands = raster.getNumBands();
    int[] row = new int[raster.getWidth() * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
      for (int x = 0; x < row.length; x += bands) {
        for (int band = 0; band < Pixels.BANDS; band++) {
          rgb[at++] = (byte) row[x + band];
        }
      }
    }
    return rgb;
  }

  private static Pixels grey(Raster raster) {
    byte[] levels = new byte[1 << Byte.SIZE];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) i;
    }
    return mapped(raster, levels, levels, levels);
  }

  private static Pixels indexed(Raster raster, IndexColorModel palette) {
    byte[] red = new byte[palette.getMapSize()];
    byte[] green = new byte[palette.getMapSize()];
    byte[] blue = new byte[palette.getMapSize()];
    palette.getReds(red);
    palette.getGreens(green);
    palette.getBlues(blue);
    return mapped(raster, red, green, blue);
  }

  /// The first band, by tables.
  private static Pixels mapped(Raster raster, byte[] red, byte[] green, byte[] blue) {
    Pixels pixels = Pixels.black(raster.getWidth(), raster.getHeight());
    byte[] rgb = pixels.rgb();
    int[] row = new int[raster.getWidth()];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, 0, row);
      for (int index : row) {
        rgb[at] = red[index];
        rgb[at + 1] = green[index];
        rgb[at + 2] = blue[index];
        at += Pixels.BANDS;
      }
    }
    return pixels;
  }
}

package dev.pilotlight.model.image;

import java.util.Optional;

/// The image processors of transformers that are understood. All resize, crop, rescale and
/// normalise in this order; they differ in the meaning of a size and in what they leave out.
///
/// Source: `image_processing_*.py` of transformers 4.57.
enum ProcessorType {
  VIT("ViT", true, Crop.NEVER),
  SIGLIP("Siglip", true, Crop.NEVER),
  DEIT("DeiT", true, Crop.UNLESS_OFF),
  BEIT("Beit", true, Crop.UNLESS_OFF),
  CLIP("CLIP", false, Crop.UNLESS_OFF),
  CHINESE_CLIP("ChineseCLIP", false, Crop.UNLESS_OFF),
  BIT("Bit", false, Crop.UNLESS_OFF),
  MOBILENET_V1("MobileNetV1", false, Crop.UNLESS_OFF),
  MOBILENET_V2("MobileNetV2", false, Crop.UNLESS_OFF),
  /// Crops by `crop_pct` below 384 pixels.
  CONVNEXT("ConvNext", false, Crop.NEVER),
  /// Normalises twice for classification (`include_top`), and may rescale to both signs.
  EFFICIENT_NET("EfficientNet", true, Crop.IF_ON);

  /// Whether `do_center_crop` has an effect, and its default.
  enum Crop {
    NEVER,
    UNLESS_OFF,
    IF_ON
  }

  private static final String[] SUFFIXES = {
    "ImageProcessorFast", "ImageProcessor", "FeatureExtractor"
  };

  private final String prefix;
  private final boolean square;
  private final Crop crop;

  /// @param square whether a size is a height and a width, and a number both of them; else it may
  ///   also be the shortest edge, and a number is that
  ProcessorType(String prefix, boolean square, Crop crop) {
    this.prefix = prefix;
    this.square = square;
    this.crop = crop;
  }

  /// @param name of the class, such as `ViTImageProcessor`
  static Optional<ProcessorType> named(String name) {
    for (String suffix : SUFFIXES) {
      for (ProcessorType type : values()) {
        if (name.equals(type.prefix + suffix)) {
          return Optional.of(type);
        }
      }
    }
    return Optional.empty();
  }

  /// The names that are accepted, in words.
  static String accepted() {
    StringBuilder names = new StringBuilder();
    for (ProcessorType type : values()) {
      names.append(names.isEmpty() ? "" : ", ").append(type.prefix).append("ImageProcessor");
    }
    return names.toString();
  }

  boolean square() {
    return square;
  }

  Crop crop() {
    return crop;
  }
}

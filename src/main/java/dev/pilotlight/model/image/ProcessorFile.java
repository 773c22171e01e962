package dev.pilotlight.model.image;

import dev.pilotlight.image.Resampling;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.image.ImageProcessor.Exactly;
import dev.pilotlight.model.image.ImageProcessor.Levels;
import dev.pilotlight.model.image.ImageProcessor.Shortest;
import dev.pilotlight.model.image.ImageProcessor.Size;
import dev.pilotlight.model.image.ImageProcessor.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `preprocessor_config.json`. A setting that can change an answer and is not understood is a
/// failure that names it.
///
/// Defaults are those of transformers' classes where all of its versions agree; the other settings
/// must be in the file.
public final class ProcessorFile {
  private static final String TYPE = "image_processor_type";
  private static final String OLD_TYPE = "feature_extractor_type";
  private static final String DO_RESIZE = "do_resize";
  private static final String SIZE = "size";
  private static final String RESAMPLE = "resample";
  private static final String DO_CROP = "do_center_crop";
  private static final String CROP_SIZE = "crop_size";
  private static final String CROP_PART = "crop_pct";
  private static final String DO_RESCALE = "do_rescale";
  private static final String FACTOR = "rescale_factor";
  private static final String OFFSET = "rescale_offset";
  private static final String TOP = "include_top";
  private static final String DO_NORMALISE = "do_normalize";
  private static final String MEAN = "image_mean";
  private static final String DEVIATION = "image_std";
  private static final String SQUARE = "default_to_square";
  private static final String EDGE = "shortest_edge";
  private static final String SIDES = "{\"height\": …, \"width\": …}";
  private static final int SIZE_MAX = 8192;
  private static final int COLOURS = 3;
  private static final double FACTOR_DEFAULT = 1 / 255.0;
  private static final double PART_DEFAULT = 224 / 256.0;
  private static final int WARPED_FROM = 384;

  /// Without effect here: `do_convert_rgb`, because every image becomes RGB before.
  private static final Set<String> KNOWN =
      Set.of(
          TYPE,
          OLD_TYPE,
          DO_RESIZE,
          SIZE,
          RESAMPLE,
          DO_RESCALE,
          FACTOR,
          DO_NORMALISE,
          MEAN,
          DEVIATION,
          "do_convert_rgb",
          "processor_class",
          "_processor_class",
          "_valid_processor_keys",
          "device",
          "disable_grouping",
          "return_tensors",
          "transformers_version");

  private final JsonFile file;
  private final ProcessorType type;

  private ProcessorFile(JsonFile file, ProcessorType type) {
    this.file = file;
    this.type = type;
  }

  /// Reads a processor from its file.
  ///
  /// @throws LoadFailure naming file and field
  public static ImageProcessor read(JsonFile file) {
    String name =
        file.text(TYPE)
            .or(() -> file.text(OLD_TYPE))
            .orElseThrow(
                () ->
                    failure(
                        file,
                        "%s is missing; accepted: %s".formatted(TYPE, ProcessorType.accepted())));
    ProcessorType type =
        ProcessorType.named(name)
            .orElseThrow(
                () ->
                    failure(
                        file,
                        "%s is %s, which is not supported; accepted: %s"
                            .formatted(TYPE, name, ProcessorType.accepted())));
    return new ProcessorFile(file, type).processor();
  }

  private ImageProcessor processor() {
    requireKnown();
    boolean resizes = flag(DO_RESIZE, true);
    Optional<Target> target = resizes ? Optional.of(target()) : Optional.empty();
    Optional<Size> crop = crops() ? Optional.of(cropSize()) : Optional.empty();
    if (resizes && type == ProcessorType.CONVNEXT) {
      int edge = target.get() instanceof Shortest(int shortest) ? shortest : 0;
      if (edge >= WARPED_FROM) {
        target = Optional.of(new Exactly(new Size(edge, edge)));
      } else {
        target = Optional.of(new Shortest(beforeCrop(edge)));
        crop = Optional.of(new Size(edge, edge));
      }
    }
    return new ImageProcessor(target, resizes ? filter() : Resampling.NEAREST, crop, levels());
  }

  /// Refuses a setting that is not understood, unless it is off.
  private void requireKnown() {
    for (String key : file.keys()) {
      Object value = file.value(key).orElse(false);
      if (value.equals(false) || KNOWN.contains(key) || isOfType(key)) {
        continue;
      }
      boolean inPlace =
          (key.equals(SQUARE) && file.value(SIZE).orElse("") instanceof Map)
              || (key.equals("data_format") && value.equals("channels_first"));
      if (!inPlace) {
        throw failure(
            file,
            "%s is %s, which is not supported for this processor; accepted: without it"
                .formatted(key, value));
      }
    }
  }

  private boolean isOfType(String key) {
    return switch (key) {
      case DO_CROP, CROP_SIZE -> type.crop() != ProcessorType.Crop.NEVER;
      case CROP_PART -> type == ProcessorType.CONVNEXT;
      case OFFSET, TOP -> type == ProcessorType.EFFICIENT_NET;
      default -> false;
    };
  }

  /// A flag; null is off, as in Python.
  private boolean flag(String key, boolean ifMissing) {
    return file.keys().contains(key) ? file.flag(key).orElse(false) : ifMissing;
  }

  private boolean crops() {
    return switch (type.crop()) {
      case NEVER -> false;
      case UNLESS_OFF -> flag(DO_CROP, true);
      case IF_ON -> flag(DO_CROP, false);
    };
  }

  private Target target() {
    Object value = required(SIZE);
    String accepted =
        switch (type) {
          case CONVNEXT -> "a number or {\"%s\": …}".formatted(EDGE);
          default -> "a number, " + SIDES + (type.square() ? "" : " or {\"" + EDGE + "\": …}");
        };
    if (value instanceof Long number) {
      int size = size(SIZE, number, accepted);
      return type.square() ? new Exactly(new Size(size, size)) : new Shortest(size);
    }
    if (value instanceof Map<?, ?> map) {
      if (type != ProcessorType.CONVNEXT && map.keySet().equals(Set.of("height", "width"))) {
        return new Exactly(sides(SIZE, map, accepted));
      }
      if (!type.square() && map.keySet().equals(Set.of(EDGE))) {
        return new Shortest(size(SIZE, map.get(EDGE), accepted));
      }
    }
    throw file.wrong(SIZE, accepted);
  }

  private Size cropSize() {
    Object value = required(CROP_SIZE);
    String accepted = "a number or " + SIDES;
    if (value instanceof Map<?, ?> map && map.keySet().equals(Set.of("height", "width"))) {
      return sides(CROP_SIZE, map, accepted);
    }
    int size = size(CROP_SIZE, value, accepted);
    return new Size(size, size);
  }

  private Size sides(String key, Map<?, ?> map, String accepted) {
    return new Size(size(key, map.get("width"), accepted), size(key, map.get("height"), accepted));
  }

  private int size(String key, @Nullable Object value, String accepted) {
    if (value instanceof Long number && number >= 1 && number <= SIZE_MAX) {
      return number.intValue();
    }
    throw file.wrong(key, accepted + " of 1 to " + SIZE_MAX + " pixels");
  }

  private int beforeCrop(int edge) {
    double part = file.number(CROP_PART).orElse(PART_DEFAULT);
    if (!(part > 0 && part <= 1)) {
      throw file.wrong(CROP_PART, "a number over 0, up to 1");
    }
    return size(CROP_PART, (long) (edge / part), "a part that leads to a size");
  }

  private Resampling filter() {
    Object value = required(RESAMPLE);
    return Optional.of(value)
        .filter(Long.class::isInstance)
        .flatMap(code -> Resampling.ofCode((Long) code))
        .orElseThrow(() -> file.wrong(RESAMPLE, "0 to 5, Pillow's filters"));
  }

  private Levels levels() {
    boolean efficient = type == ProcessorType.EFFICIENT_NET;
    boolean rescales = flag(DO_RESCALE, true);
    boolean normalises = flag(DO_NORMALISE, true);
    boolean twice = efficient && flag(TOP, true);
    double factor = file.number(FACTOR).orElse(FACTOR_DEFAULT);
    float[] none = {};
    return new Levels(
        rescales ? Optional.of(factor) : Optional.empty(),
        rescales && efficient && flag(OFFSET, false),
        normalises ? colours(MEAN) : none,
        normalises || twice ? deviation() : none,
        twice);
  }

  private float[] deviation() {
    float[] values = colours(DEVIATION);
    for (float value : values) {
      if (value == 0) {
        throw file.wrong(DEVIATION, "three numbers other than 0");
      }
    }
    return values;
  }

  private float[] colours(String key) {
    float[] values = new float[COLOURS];
    if (!(required(key) instanceof List<?> list) || list.size() != COLOURS) {
      throw file.wrong(key, "a list of three numbers");
    }
    for (int i = 0; i < COLOURS; i++) {
      if (!(list.get(i) instanceof Number number) || !Float.isFinite(number.floatValue())) {
        throw file.wrong(key, "a list of three numbers");
      }
      values[i] = number.floatValue();
    }
    return values;
  }

  private Object required(String key) {
    return file.value(key)
        .orElseThrow(
            () ->
                failure(
                    file, "%s is missing, and transformers' versions differ in it".formatted(key)));
  }

  private static LoadFailure failure(JsonFile file, String message) {
    return new LoadFailure(file.name() + ": " + message);
  }
}

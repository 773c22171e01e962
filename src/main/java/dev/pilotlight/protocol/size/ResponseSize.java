package dev.pilotlight.protocol.size;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.http.Bodies;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.LambdaEvents;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Request;
import dev.pilotlight.protocol.openinference.InferCall;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// Estimates the size of a response and, before anything is run, refuses a request whose response
/// cannot be delivered. The refusal names the number of items that fit.
///
/// The size of base64 and of binary data is known, and gzip does not change it: the event's own
/// base64 adds what gzip saves. Decimals count as those of computed embeddings do on average; if
/// the client accepts gzip, only a response that surely does not fit is refused.
public final class ResponseSize {
  // of an event, besides the items
  private static final int EVENT_LEAST = 200;
  private static final int EVENT_MOST = 4096;
  private static final int ID = 43;
  // an item of OpenAI's list without its vector; quotes are escaped in an event
  private static final int LISTED =
      ID + "{_'object_':_'embedding_',_'index_':0,_'embedding_':,_'id_':_'_'},".length();
  private static final int INDEX_MOST = 5;
  private static final ItemBytes ID_AND_COMMA = ItemBytes.exactly(ID + 1);
  private static final int LABEL_MOST = 128;
  private static final int NUMBER_MOST = 16;

  private ResponseSize() {}

  /// Refuses embeddings whose list does not fit a response.
  ///
  /// @throws Refusal TOO_LARGE
  public static void requireFits(
      Request request, ModelInfo model, HttpRequest http, ProtocolSettings limits) {
    int items = request.items().size();
    int floats = request.size(model);
    ItemBytes around = new ItemBytes(LISTED, LISTED + INDEX_MOST);
    if (request.encoding() == Encoding.BASE64) {
      long digits = moreDigits(items);
      require(items, ItemBytes.base64(floats).plus(around), digits, limits, "fewer dimensions");
      return;
    }
    ItemBytes plain = ItemBytes.decimals(model, floats).plus(around);
    if (isZipped(plain.times(items).least(), http, limits)) {
      ItemBytes zipped = ItemBytes.zippedDecimals(floats).plus(new ItemBytes(ID, around.most()));
      require(items, zipped, 0, limits, "encoding_format base64");
    } else {
      String smaller = "encoding_format base64, or accept-encoding: gzip";
      require(items, plain, moreDigits(items), limits, smaller);
    }
  }

  /// Refuses a call whose outputs do not fit a response.
  ///
  /// @throws Refusal TOO_LARGE
  public static void requireFits(InferCall call, HttpRequest http, ProtocolSettings limits) {
    boolean binary = call.outputs().stream().anyMatch(WantedOutput::binary);
    if (call.ofTensors()) {
      requireTensorsFit(call, binary, http, limits);
      return;
    }
    int items = call.items().size();
    ItemBytes plain = item(call, false);
    if (binary) {
      require(items, plain.inBase64(), 0, limits, "fewer outputs");
    } else if (isZipped(plain.times(items).least(), http, limits)) {
      require(items, item(call, true), 0, limits, "parameters.binary_data_output");
    } else {
      String smaller = "parameters.binary_data_output, or accept-encoding: gzip";
      require(items, plain, 0, limits, smaller);
    }
  }

  /// Refuses a door's request whose response does not fit.
  ///
  /// @param answerBytesMin the least bytes that one answer adds to it
  /// @throws Refusal TOO_LARGE
  public static void requireFits(
      int items, long answerBytesMin, HttpRequest http, ProtocolSettings limits) {
    ItemBytes answer = ItemBytes.exactly(answerBytesMin);
    if (!isZipped(answer.times(items).least(), http, limits)) {
      require(items, answer, 0, limits, "those with accept-encoding: gzip");
    }
  }

  /// A call of tensors is one item. Sizes that only the run determines count as 0, each value as
  /// its shortest form.
  private static void requireTensorsFit(
      InferCall call, boolean binary, HttpRequest http, ProtocolSettings limits) {
    ItemBytes body = ID_AND_COMMA;
    for (WantedOutput output : call.outputs()) {
      TensorSpec spec = spec(call.model().graphOutputs(), output);
      if (output.classified()) {
        continue; // texts for only some of its elements
      }
      body = body.plus(value(spec.datatype(), output.binary()).times(elements(spec)));
    }
    long bytes = binary ? body.inBase64().least() : body.least();
    if (bytes > limits.responseBytesMax() && (binary || !isZipped(bytes, http, limits))) {
      throw LambdaEvents.tooLarge(bytes, limits.responseBytesMax());
    }
  }

  /// One text's part of the body.
  private static ItemBytes item(InferCall call, boolean zipped) {
    ItemBytes item = ID_AND_COMMA;
    for (WantedOutput output : call.outputs()) {
      TensorSpec spec = spec(call.model().outputs(), output);
      List<Long> ofOne = spec.shape().subList(1, spec.shape().size());
      item = item.plus(output(call.model(), spec.datatype(), output, elements(ofOne), zipped));
    }
    return item;
  }

  private static ItemBytes output(
      ModelInfo model, Datatype datatype, WantedOutput output, long elements, boolean zipped) {
    if (output.classified()) {
      return value(Datatype.BYTES, output.binary()).times(Math.min(output.classes(), elements));
    }
    if (model.dimensions() > 0 && !output.binary()) {
      int floats = Math.toIntExact(elements);
      return zipped ? ItemBytes.zippedDecimals(floats) : ItemBytes.decimals(model, floats);
    }
    ItemBytes value = value(datatype, output.binary());
    return (zipped ? new ItemBytes(0, value.most()) : value).times(elements);
  }

  private static TensorSpec spec(List<TensorSpec> given, WantedOutput output) {
    return given.stream()
        .filter(spec -> spec.name().equals(output.name()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no output " + output.name()));
  }

  private static long elements(TensorSpec spec) {
    return spec.anyRank() ? 0 : elements(spec.shape());
  }

  private static long elements(List<Long> shape) {
    ItemBytes elements = ItemBytes.exactly(1);
    for (long size : shape) {
      elements = elements.times(Math.max(0, size));
    }
    return elements.least();
  }

  /// A value with its comma; quotes are escaped in an event.
  private static ItemBytes value(Datatype datatype, boolean binary) {
    if (binary) {
      return datatype.fixedSize()
          ? ItemBytes.exactly(datatype.size())
          : new ItemBytes(Integer.BYTES, LABEL_MOST);
    }
    return switch (datatype) {
      case BOOL -> new ItemBytes("true,".length(), "false,".length());
      case FP16, BF16, FP32 -> new ItemBytes("0.0,".length(), NUMBER_MOST);
      case FP64 -> new ItemBytes("0.0,".length(), 2 * NUMBER_MOST);
      case BYTES -> new ItemBytes("_'_',".length(), LABEL_MOST);
      default -> new ItemBytes("0,".length(), 2 * NUMBER_MOST);
    };
  }

  /// Whether a body of so many bytes is sent compressed.
  private static boolean isZipped(long bytes, HttpRequest http, ProtocolSettings limits) {
    return bytes >= limits.gzipBytesMin() && Bodies.acceptsGzip(http);
  }

  /// How many digits the indexes 0 to `items - 1` have beyond one each.
  private static long moreDigits(int items) {
    long digits = 0;
    for (long power = 10; power < items; power *= 10) {
      digits += items - power;
    }
    return digits;
  }

  /// @param more bytes in addition to the items'
  private static void require(
      int items, ItemBytes item, long more, ProtocolSettings limits, String smaller) {
    long max = limits.responseBytesMax();
    long bytes = item.times(items).plus(ItemBytes.exactly(more)).least();
    if (bytes <= max - EVENT_LEAST) {
      return;
    }
    long fit = Math.max(0, (max - EVENT_MOST) / Math.max(1, item.most()));
    throw Refusal.tooLarge(
        null,
        ("the response to %d items would have %d bytes or more as Lambda counts it; accepted: up to"
                + " %d, which %d items fit. Send fewer in one request; smaller are %s; or use a"
                + " batch")
            .formatted(items, bytes, max, fit, smaller));
  }

  /// The size of one item in a response.
  ///
  /// @param least the lower bound, by which a request is refused
  /// @param most the upper bound, from which the refusal computes how many items fit
  record ItemBytes(long least, long most) {
    static final ItemBytes NONE = new ItemBytes(0, 0);

    // Shortest decimals that read back, comma included, on average over an embedding. At unit
    // length and with hundreds of dimensions, the numbers begin with a zero or two after the
    // point, or have an exponent: measured 12.5, others 11.2.
    private static final int UNIT_DECIMAL = 12;
    private static final int DECIMAL = 11;
    private static final int DECIMAL_MOST = 13;
    private static final int SMALL_VECTOR = 128;
    private static final int SHORT_DECIMAL = 9;

    // A computed number has 25 random bits or more; gzip leaves 40, measured.
    private static final int ZIPPED_DECIMAL = 3;
    private static final int ZIPPED_DECIMAL_MOST = 6;
    private static final int QUOTES = 4;

    static ItemBytes exactly(long bytes) {
      return new ItemBytes(bytes, bytes);
    }

    /// A string of base64 in an event, where its quotes are escaped.
    static ItemBytes base64(int floats) {
      return exactly(QUOTES + JsonBytes.base64Length(floats * (long) Float.BYTES));
    }

    /// An embedding as an array of decimals.
    static ItemBytes decimals(ModelInfo model, int floats) {
      int least =
          floats < SMALL_VECTOR ? SHORT_DECIMAL : isUnitLength(model) ? UNIT_DECIMAL : DECIMAL;
      return new ItemBytes((long) floats * least, (long) floats * DECIMAL_MOST);
    }

    /// The same as part of a compressed body, which is sent in base64.
    static ItemBytes zippedDecimals(int floats) {
      return new ItemBytes((long) floats * ZIPPED_DECIMAL, (long) floats * ZIPPED_DECIMAL_MOST)
          .inBase64();
    }

    ItemBytes plus(ItemBytes other) {
      return new ItemBytes(saturatedSum(least, other.least), saturatedSum(most, other.most));
    }

    ItemBytes times(long count) {
      return new ItemBytes(saturatedProduct(least, count), saturatedProduct(most, count));
    }

    ItemBytes inBase64() {
      return new ItemBytes(saturatedProduct(least, 4) / 3, saturatedProduct(most, 4) / 3 + 1);
    }

    private static boolean isUnitLength(ModelInfo model) {
      return model.facts().stream().anyMatch(ItemBytes::saysUnitLength);
    }

    private static boolean saysUnitLength(Fact fact) {
      return fact.name().equals("normalised") && fact.value().equals("true");
    }

    private static long saturatedSum(long a, long b) {
      return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static long saturatedProduct(long a, long b) {
      return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
    }
  }
}

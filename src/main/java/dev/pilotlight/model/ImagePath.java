package dev.pilotlight.model;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.image.ImageFiles;
import dev.pilotlight.image.ImageHeader;
import dev.pilotlight.image.Pixels;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.head.TokenSpan;
import dev.pilotlight.model.image.ImageProcessor;
import dev.pilotlight.model.image.ImageProcessor.Size;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.text.TokenIds;
import java.util.List;
import java.util.function.Function;

/// The path of one image through a model: pixels, graph input, graph, answer.
///
/// @param pixelsMax the most pixels that an image may have, as it is sent and as it is resized
record ImagePath(ImageProcessor processor, Graph graph, Head head, long pixelsMax) {
  /// The size of the image that primes a model whose processor takes any.
  private static final int SAMPLE_EDGE = 64;

  private static final int HIDDEN_RANK = 3;

  /// Checks the header of an image; its pixels are decoded when it is run, so that no more images
  /// are in memory than there are lanes.
  ///
  /// @throws Refusal as [ImageHeader#read] does, `TOO_LARGE` also if the resized image has too many
  ///   pixels, `NOT_IMPLEMENTED` if this Java runtime cannot decode images
  Prepared.Image prepare(Item.Image item) {
    ImageHeader header = ImageHeader.read(item.bytes(), pixelsMax);
    ImageFiles.requireDecoder();
    boolean swapped = header.orientation() > 4 && header.orientation() <= 8;
    Size size =
        swapped
            ? processor.resized(header.height(), header.width())
            : processor.resized(header.width(), header.height());
    ImageHeader.requireSize(
        size.width(),
        size.height(),
        pixelsMax,
        () ->
            "the image has %d × %d pixels, which the model resizes to %s"
                .formatted(header.width(), header.height(), size));
    return new Prepared.Image(item, header);
  }

  /// Decodes an image and runs the graph on it.
  ///
  /// @param run of the graph, with the request's time limit
  /// @throws Refusal `INVALID` if the image's pixels cannot be decoded, `DEADLINE` if the graph was
  ///   stopped
  Result run(Prepared.Image image, Function<Item.Tensors, List<Tensor>> run) {
    Pixels pixels = ImageFiles.decode(image.item().bytes(), image.header());
    return new Result(read(processor.input(ImagePlan.INPUT, pixels), run), 0);
  }

  /// Runs a black image.
  void prime() {
    var _ = black();
  }

  /// The length of the embedding of a black image.
  int sample() {
    long[] shape = black().getFirst().shape();
    return Math.toIntExact(shape[shape.length - 1]);
  }

  private List<Tensor> black() {
    Size size = processor.size().orElse(new Size(SAMPLE_EDGE, SAMPLE_EDGE));
    byte[] zeros = new byte[Math.toIntExact(size.pixels()) * Pixels.BANDS * Float.BYTES];
    long[] shape = {1, Pixels.BANDS, size.height(), size.width()};
    Tensor values = new Tensor(ImagePlan.INPUT, Datatype.FP32, shape, zeros);
    return read(values, tensors -> graph.run(tensors.inputs(), tensors.outputs()));
  }

  private List<Tensor> read(Tensor values, Function<Item.Tensors, List<Tensor>> run) {
    Tensor output;
    try {
      output = run.apply(new Item.Tensors(List.of(values), List.of(head.graphOutput()))).getFirst();
    } catch (Refusal e) {
      if (e.reason() == Reason.DEADLINE) {
        throw e;
      }
      // the caller sent no tensors, so the mistake is not the caller's
      throw new IllegalStateException("the graph refused a preprocessed image", e);
    }
    long[] shape = output.shape();
    int rows = shape.length == HIDDEN_RANK ? Math.toIntExact(shape[1]) : 1;
    return head.read(output, TokenIds.none(), TokenSpan.of(rows, 0));
  }
}

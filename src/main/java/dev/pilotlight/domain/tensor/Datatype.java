package dev.pilotlight.domain.tensor;

/// The tensor datatypes of the Open Inference Protocol v2.
///
/// Source: <https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol>
public enum Datatype {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  BF16(2),
  FP32(4),
  FP64(8),
  /// Elements of any length: in [Tensor#data()] each is a 4-byte length and its bytes.
  BYTES(-1);

  private final int size;

  Datatype(int size) {
    this.size = size;
  }

  /// Bytes per element; -1 for [#BYTES], whose elements differ in length.
  public int size() {
    return size;
  }

  public boolean fixedSize() {
    return size > 0;
  }
}

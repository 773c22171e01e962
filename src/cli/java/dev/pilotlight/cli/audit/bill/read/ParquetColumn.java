package dev.pilotlight.cli.audit.bill.read;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.ColumnSchema;
import dev.pilotlight.cli.audit.bill.line.Times;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The values of one Parquet column in the batch that is read.
final class ParquetColumn {
  private static final int EPOCH_AS_JULIAN_DAY = 2_440_588;

  private final ColumnReader reader;
  private final ColumnSchema schema;
  private final PhysicalType type;
  private final Decimals decimals = new Decimals(',');
  private boolean hasNulls;
  private Validity validity = Validity.NO_NULLS;
  private int[] ints = {};
  private long[] longs = {};
  private double[] doubles = {};
  private float[] floats = {};
  byte[] bytes = {};
  int[] offsets = {};

  ParquetColumn(ColumnReader reader) {
    this.reader = reader;
    this.schema = reader.getColumnSchema();
    this.type = schema.type();
  }

  /// Takes the batch that its reader has.
  void load() {
    validity = reader.getLeafValidity();
    hasNulls = validity.hasNulls();
    switch (type) {
      case INT32 -> ints = reader.getInts();
      case INT64 -> longs = reader.getLongs();
      case DOUBLE -> doubles = reader.getDoubles();
      case FLOAT -> floats = reader.getFloats();
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 -> {
        bytes = reader.getBinaryValues();
        offsets = reader.getBinaryOffsets();
      }
      case BOOLEAN -> {}
    }
  }

  boolean isText() {
    return type == PhysicalType.BYTE_ARRAY
        && !(schema.logicalType() instanceof LogicalType.DecimalType);
  }

  boolean isNull(int row) {
    return hasNulls && validity.isNull(row);
  }

  boolean blank(int row) {
    return isNull(row) || (isText() && offsets[row] == offsets[row + 1]);
  }

  /// The first value of each row of a map's key or value.
  int[] rows() {
    return reader.getLayerOffsets(0);
  }

  /// An amount in [Money] units.
  ///
  /// @throws NumberFormatException if it is not a number
  /// @throws ArithmeticException if it is over 922 million
  long money(int row) {
    if (type == PhysicalType.DOUBLE) {
      return Decimals.money(Decimals.finite(doubles[row]));
    }
    if (isText()) {
      char[] chars = string(row).toCharArray();
      return decimals.money(chars, 0, chars.length);
    }
    return Decimals.money(decimal(row));
  }

  double number(int row) {
    return Decimals.finite(type == PhysicalType.DOUBLE ? doubles[row] : decimal(row).doubleValue());
  }

  private BigDecimal decimal(int row) {
    int scale =
        schema.logicalType() instanceof LogicalType.DecimalType decimal ? decimal.scale() : 0;
    return switch (type) {
      case INT32 -> BigDecimal.valueOf(ints[row], scale);
      case INT64 -> BigDecimal.valueOf(longs[row], scale);
      case FLOAT -> new BigDecimal(Float.toString(floats[row]));
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> {
        if (isText()) {
          yield new BigDecimal(string(row));
        }
        byte[] value = Arrays.copyOfRange(bytes, offsets[row], offsets[row + 1]);
        yield new BigDecimal(new BigInteger(value), scale);
      }
      default -> throw new NumberFormatException();
    };
  }

  /// A time in whole hours since 1970.
  ///
  /// @throws java.time.DateTimeException if it is not a time
  int hour(int row, ByteCache<Integer> hours) {
    if (isText()) {
      return hours.get(bytes, offsets[row], offsets[row + 1]);
    }
    if (type == PhysicalType.INT96) {
      ByteBuffer value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      long nanos = value.getLong(offsets[row]);
      long days = (long) value.getInt(offsets[row] + Long.BYTES) - EPOCH_AS_JULIAN_DAY;
      return Times.ofSeconds(days * 86_400L + nanos / 1_000_000_000);
    }
    return switch (schema.logicalType()) {
      case LogicalType.TimestampType time ->
          Times.ofSeconds(
              Math.floorDiv(
                  longs[row],
                  switch (time.unit()) {
                    case MILLIS -> 1_000L;
                    case MICROS -> 1_000_000L;
                    case NANOS -> 1_000_000_000L;
                  }));
      case LogicalType.DateType _ -> Math.multiplyExact(ints[row], 24);
      case null, default -> throw new java.time.DateTimeException("type " + type);
    };
  }

  /// The value for messages and for text that is not cached.
  String string(int row) {
    return switch (type) {
      case INT32 -> String.valueOf(ints[row]);
      case INT64 -> String.valueOf(longs[row]);
      case DOUBLE -> String.valueOf(doubles[row]);
      case FLOAT -> String.valueOf(floats[row]);
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 ->
          new String(bytes, offsets[row], offsets[row + 1] - offsets[row], StandardCharsets.UTF_8);
      case BOOLEAN -> "";
    };
  }
}

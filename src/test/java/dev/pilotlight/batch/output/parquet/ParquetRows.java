package dev.pilotlight.batch.output.parquet;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads a file of answers with Hardwood.
public final class ParquetRows {
  private ParquetRows() {}

  /// A row; null for null.
  ///
  /// @param embedding bits of its floats
  /// @param score bits
  public record Row(
      long line,
      @Nullable String id,
      @Nullable String model,
      @Nullable List<Integer> embedding,
      @Nullable String label,
      @Nullable Integer score,
      @Nullable Long tokens,
      @Nullable String resultId,
      @Nullable String fields,
      @Nullable String ignored) {}

  public static List<Row> read(byte[] file) {
    List<Row> rows = new ArrayList<>();
    try (ParquetFileReader parquet = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)));
        RowReader row = parquet.rowReader()) {
      while (row.hasNext()) {
        row.next();
        rows.add(
            new Row(
                row.getLong("line"),
                value(row, "id", row::getString),
                value(row, "model", row::getString),
                value(
                    row,
                    "embedding",
                    name ->
                        row.getList(name).floats().stream().map(Float::floatToRawIntBits).toList()),
                value(row, "label", row::getString),
                value(row, "score", name -> Float.floatToRawIntBits(row.getFloat(name))),
                value(row, "tokens", row::getLong),
                value(row, "result_id", row::getString),
                value(row, "fields", row::getString),
                value(row, "ignored", row::getString)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static <T> @Nullable T value(RowReader row, String name, Function<String, T> read) {
    return Optional.of(name).filter(its -> !row.isNull(its)).map(read).orElse(null);
  }

  /// The number of row groups.
  public static int groups(byte[] file) {
    try (ParquetFileReader parquet = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)))) {
      return parquet.getFileMetaData().rowGroups().size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.pilotlight.batch.output.parquet;

import dev.pilotlight.batch.claim.Progress.Upload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A checkpoint of the conversion: everything the next invocation needs to resume.
///
/// @param source the version, and the id of the upload of the lines
/// @param uploadId of the file
/// @param eTags of its parts, in order
/// @param bytes of these parts
/// @param offset bytes of the lines that are in these parts
/// @param groups the row groups in these parts
/// @param sealed whether all parts have been uploaded
record ConversionState(
    String source,
    String uploadId,
    List<String> eTags,
    long bytes,
    long offset,
    List<GroupSizes> groups,
    boolean sealed) {
  private static final int FORM = 1;

  ConversionState {
    eTags = List.copyOf(eTags);
    groups = List.copyOf(groups);
  }

  static ConversionState begin(String source, String uploadId) {
    return new ConversionState(source, uploadId, List.of(), 0, 0, List.of(), false);
  }

  long rows() {
    return groups.stream().mapToLong(GroupSizes::rows).sum();
  }

  /// The file, once it is sealed.
  Upload upload() {
    return new Upload(Optional.of(uploadId), eTags, Optional.empty(), bytes);
  }

  /// The form: its number (1 byte), source, upload id, bytes, offset, whether it is sealed; the
  /// number of ETags (int) and these; the number of groups (int) and these. Numbers are big-endian
  /// longs, texts as [DataOutputStream#writeUTF] has them.
  byte[] encode() {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(encoded)) {
      out.writeByte(FORM);
      out.writeUTF(source);
      out.writeUTF(uploadId);
      out.writeLong(bytes);
      out.writeLong(offset);
      out.writeBoolean(sealed);
      out.writeInt(eTags.size());
      for (String eTag : eTags) {
        out.writeUTF(eTag);
      }
      out.writeInt(groups.size());
      for (GroupSizes group : groups) {
        group.write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return encoded.toByteArray();
  }

  /// Empty if another release wrote the bytes in a different format.
  static Optional<ConversionState> decode(byte[] encoded) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
      return in.readUnsignedByte() == FORM ? Optional.of(read(in)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static ConversionState read(DataInputStream in) throws IOException {
    String source = in.readUTF();
    String uploadId = in.readUTF();
    long bytes = in.readLong();
    long offset = in.readLong();
    boolean sealed = in.readBoolean();
    List<String> eTags = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      eTags.add(in.readUTF());
    }
    List<GroupSizes> groups = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      groups.add(GroupSizes.read(in));
    }
    return new ConversionState(source, uploadId, eTags, bytes, offset, groups, sealed);
  }
}

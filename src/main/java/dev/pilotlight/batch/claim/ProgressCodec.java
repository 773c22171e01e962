package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Form;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.claim.Progress.Upload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Progress as bytes, since an item of DynamoDB holds 400 KB and an object may have 10,000 parts:
/// an ETag that is an MD5 takes 17 bytes, any other its text and three more.
///
/// The form: its number (1 byte), the phase's name, offset and counts (9 longs), the two uploads,
/// the number of models (int) and a name and a fingerprint for each. An upload: its id and its tail
/// (each a byte for its presence, and the text), bytes (long), the number of ETags (int) and these,
/// each 0 and 16 bytes or 1 and the text. Big-endian; texts as [DataOutputStream#writeUTF] has
/// them. The name of the answers' form is at the end, unless they are lines.
final class ProgressCodec {
  private static final int FORM = 1;
  private static final int MD5_BYTES = 16;
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

  private ProgressCodec() {}

  static byte[] encode(Progress progress) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORM);
      out.writeUTF(progress.phase().name());
      out.writeLong(progress.offset());
      write(progress.counts(), out);
      write(progress.out(), out);
      write(progress.errors(), out);
      out.writeInt(progress.models().size());
      for (Map.Entry<String, String> model : new TreeMap<>(progress.models()).entrySet()) {
        out.writeUTF(model.getKey());
        out.writeUTF(model.getValue());
      }
      if (progress.form() != Form.LINES) {
        out.writeUTF(progress.form().name());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a text of the progress is longer than 65,535 bytes", e);
    }
    return bytes.toByteArray();
  }

  /// @throws IllegalArgumentException if the bytes are not of this form
  static Progress decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int form = in.readUnsignedByte();
      if (form != FORM) {
        throw new IllegalArgumentException(
            "the batch's progress has form %d; accepted: %d".formatted(form, FORM));
      }
      return read(in);
    } catch (IOException e) {
      throw new IllegalArgumentException("the batch's progress is damaged", e);
    }
  }

  private static Progress read(DataInputStream in) throws IOException {
    Phase phase = Phase.valueOf(in.readUTF());
    long offset = in.readLong();
    Counts counts = readCounts(in);
    Upload out = readUpload(in);
    Upload errors = readUpload(in);
    Map<String, String> models = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      models.put(in.readUTF(), in.readUTF());
    }
    Form form = in.available() == 0 ? Form.LINES : Form.valueOf(in.readUTF());
    return new Progress(phase, offset, counts, out, errors, models, form);
  }

  private static void write(Counts counts, DataOutputStream out) throws IOException {
    out.writeLong(counts.lines());
    out.writeLong(counts.failed());
    out.writeLong(counts.items());
    out.writeLong(counts.tokens());
    out.writeLong(counts.hits());
    out.writeLong(counts.runs());
    out.writeLong(counts.runBytes());
    out.writeLong(counts.millis());
  }

  private static Counts readCounts(DataInputStream in) throws IOException {
    return new Counts(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  private static void write(Upload upload, DataOutputStream out) throws IOException {
    write(upload.uploadId(), out);
    write(upload.tail(), out);
    out.writeLong(upload.bytes());
    out.writeInt(upload.eTags().size());
    for (String eTag : upload.eTags()) {
      boolean md5 = MD5.matcher(eTag).matches();
      out.writeBoolean(!md5);
      if (md5) {
        out.write(HexFormat.of().parseHex(eTag));
      } else {
        out.writeUTF(eTag);
      }
    }
  }

  private static Upload readUpload(DataInputStream in) throws IOException {
    Optional<String> uploadId = readText(in);
    Optional<String> tail = readText(in);
    long bytes = in.readLong();
    List<String> eTags = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      eTags.add(
          in.readBoolean() ? in.readUTF() : HexFormat.of().formatHex(in.readNBytes(MD5_BYTES)));
    }
    return new Upload(uploadId, eTags, tail, bytes);
  }

  private static void write(Optional<String> text, DataOutputStream out) throws IOException {
    out.writeBoolean(text.isPresent());
    if (text.isPresent()) {
      out.writeUTF(text.get());
    }
  }

  private static Optional<String> readText(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty();
  }
}

package dev.pilotlight.batch.input.parquet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A struct of Thrift's compact protocol, by field id: booleans, longs, bytes, lists and structs.
/// Reads and ignores unknown fields, as the protocol requires.
record Thrift(Map<Integer, Object> fields) {
  private static final int DEPTH_MAX = 24;
  private static final int LONG_LIST = 15;

  /// Reads the struct at the cursor.
  static Thrift read(Bytes in) {
    return struct(in, 0);
  }

  private static Thrift struct(Bytes in, int depth) {
    Map<Integer, Object> fields = new HashMap<>();
    int id = 0;
    while (true) {
      int header = in.next();
      int type = header & 0x0f;
      if (type == 0) {
        return new Thrift(fields);
      }
      in.countValue();
      int delta = header >>> 4;
      id = delta == 0 ? (int) in.zigzag() : id + delta;
      fields.put(id, type <= 2 ? type == 1 : value(in, type, depth));
    }
  }

  private static Object value(Bytes in, int type, int depth) {
    in.countValue();
    if (depth > DEPTH_MAX) {
      throw Bytes.damaged("its metadata are nested too deeply");
    }
    return switch (type) {
      case 1, 2 -> in.next() == 1; // in a list
      case 3 -> (long) (byte) in.next();
      case 4, 5, 6 -> in.zigzag();
      case 7 -> in.int64();
      case 8 -> in.take(length(in));
      case 9, 10 -> list(in, depth);
      case 11 -> map(in, depth);
      case 12 -> struct(in, depth + 1);
      default -> throw Bytes.damaged("its metadata have a field of type " + type);
    };
  }

  private static int length(Bytes in) {
    long length = in.varint();
    in.require(length);
    return (int) length;
  }

  private static List<Object> list(Bytes in, int depth) {
    int header = in.next();
    int size = header >>> 4;
    if (size == LONG_LIST) {
      size = length(in); // an element has at least a byte
    }
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(value(in, header & 0x0f, depth + 1));
    }
    return list;
  }

  private static Object map(Bytes in, int depth) {
    int size = length(in);
    if (size > 0) {
      int types = in.next();
      for (int i = 0; i < size; i++) {
        var _ = value(in, types >>> 4, depth + 1);
        var _ = value(in, types & 0x0f, depth + 1);
      }
    }
    return Map.of();
  }

  boolean has(int id) {
    return fields.containsKey(id);
  }

  long number(int id, long absent) {
    return fields.get(id) instanceof Long number ? number : absent;
  }

  /// A required number.
  long number(int id) {
    if (fields.get(id) instanceof Long number) {
      return number;
    }
    throw missing(id);
  }

  /// A required number between 0 and the largest int.
  int size(int id) {
    long number = number(id);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw Bytes.damaged("its metadata have a size of " + number);
    }
    return (int) number;
  }

  boolean flag(int id, boolean absent) {
    return fields.get(id) instanceof Boolean flag ? flag : absent;
  }

  String text(int id) {
    if (fields.get(id) instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    throw missing(id);
  }

  @Nullable Thrift struct(int id) {
    return fields.get(id) instanceof Thrift struct ? struct : null;
  }

  Thrift required(int id) {
    if (fields.get(id) instanceof Thrift struct) {
      return struct;
    }
    throw missing(id);
  }

  /// The structs of a list; empty if it is absent.
  List<Thrift> structs(int id) {
    List<Thrift> structs = new ArrayList<>();
    if (fields.get(id) instanceof List<?> list) {
      for (Object each : list) {
        if (!(each instanceof Thrift struct)) {
          throw missing(id);
        }
        structs.add(struct);
      }
    }
    return structs;
  }

  /// The texts of a required list.
  List<String> texts(int id) {
    if (!(fields.get(id) instanceof List<?> list)) {
      throw missing(id);
    }
    List<String> texts = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof byte[] utf8)) {
        throw missing(id);
      }
      texts.add(new String(utf8, StandardCharsets.UTF_8));
    }
    return texts;
  }

  private static RuntimeException missing(int id) {
    return Bytes.damaged("its metadata lack field " + id);
  }
}

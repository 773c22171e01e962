package dev.pilotlight.cache;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.support.Sha256;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Computes the keys of results: two keys are equal exactly if tenant, model and item determine the
/// same answer.
///
/// The SHA-256 runs over the key format's version, tenant, model name, version, content digest,
/// runtime, the model's plan, and the item. Every part is preceded by its length and every choice
/// by a tag, so that no two different inputs give the same bytes. `truncate` is included, because a
/// text over the limit has an answer only with it. A model's policy is not, and neither is the
/// length to which a response shortens its embeddings.
///
/// Every key of one tenant and model begins with the same bytes, so their digest is kept
/// ([Prefix]): with C1 alone, where SHA-256 is not an instruction, it took most of 9 µs.
public final class ResultKeys {
  /// Raise it whenever equal inputs may give different answers than before.
  private static final int FORMAT = 2;

  private static final int PENDING_BYTES = 512;

  private static final int TEXT = 1;
  private static final int TOKENS = 2;
  private static final int TENSORS = 3;
  private static final int PAIR = 4;
  private static final int PROMPTED = 5;
  private static final int IMAGE = 6;
  private static final int IN_FORM = 8;

  private static final int TOKEN_VECTORS = 1;
  private static final int SPARSE = 2;
  private static final int FILL_MASK = 3;

  /// The part of a key before the item, for one tenant and model. Thread-safe.
  public static final class Prefix {
    private final String tenant;
    private final ModelInfo model;
    // never updated, only copied
    private final MessageDigest digested;

    private Prefix(String tenant, ModelInfo model) {
      this.tenant = tenant;
      this.model = model;
      this.digested = ResultKeys.digested(tenant, model);
    }

    /// Whether it is that of a tenant and of this very object.
    @SuppressWarnings("ReferenceEquality") // a record's equals is slow at its first call
    public boolean isOf(String otherTenant, ModelInfo otherModel) {
      return model == otherModel && tenant.equals(otherTenant);
    }

    /// Returns the key of an item.
    public ResultKey key(Item item) {
      ResultKeys keys = new ResultKeys(copy());
      keys.put(item);
      keys.flush();
      byte[] digest = keys.sha.digest();
      return new ResultKey(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
    }

    private MessageDigest copy() {
      try {
        return (MessageDigest) digested.clone();
      } catch (CloneNotSupportedException e) {
        return ResultKeys.digested(tenant, model); // a security provider that cannot copy
      }
    }
  }

  private final MessageDigest sha;
  // digested when full: a call for each part would cost more than the digest
  private final byte[] pending = new byte[PENDING_BYTES];
  private int length;

  private ResultKeys(MessageDigest sha) {
    this.sha = sha;
  }

  public static ResultKey of(String tenant, ModelInfo model, Item item) {
    return prefix(tenant, model).key(item);
  }

  /// Digests the part before the item.
  public static Prefix prefix(String tenant, ModelInfo model) {
    return new Prefix(tenant, model);
  }

  private static MessageDigest digested(String tenant, ModelInfo model) {
    ResultKeys keys = new ResultKeys(Sha256.start());
    keys.put(FORMAT);
    keys.put(tenant);
    keys.put(model);
    keys.flush();
    return keys.sha;
  }

  private void put(ModelInfo model) {
    put(model.name());
    put(model.version());
    put(model.digest());
    put(model.runtime());
    put(model.plan());
  }

  private void put(Item item) {
    switch (item) {
      case Item.Text(String text, boolean truncate, @Nullable String prompt) -> {
        put(prompt == null ? TEXT : PROMPTED);
        put(truncate ? 1 : 0);
        if (prompt != null) {
          put(prompt);
        }
        put(text);
      }
      case Item.Pair(String first, String second, boolean truncate) -> {
        put(PAIR);
        put(truncate ? 1 : 0);
        put(first);
        put(second);
      }
      case Item.Tokens(int[] ids, boolean truncate) -> {
        put(TOKENS);
        put(truncate ? 1 : 0);
        put(ids.length);
        for (int id : ids) {
          room(Integer.BYTES);
          putInt(id);
        }
      }
      case Item.Image(byte[] bytes) -> {
        put(IMAGE);
        put(bytes);
      }
      case Item.Tensors(List<Tensor> inputs, List<String> outputs) -> {
        put(TENSORS);
        put(inputs.size());
        inputs.forEach(this::put);
        put(outputs.size());
        outputs.forEach(this::put);
      }
      // by a cast, so that the class loads with the first such item
      default -> put((Item.InForm) item);
    }
  }

  private void put(Item.InForm item) {
    put(IN_FORM);
    switch (item.form()) {
      case ResultForm.TokenVectors() -> put(TOKEN_VECTORS);
      case ResultForm.Sparse() -> put(SPARSE);
      case ResultForm.FillMask(int top, List<Integer> targets) -> {
        put(FILL_MASK);
        put(top);
        put(targets.size());
        for (int target : targets) {
          put(target);
        }
      }
    }
    put(item.item());
  }

  private void put(Tensor tensor) {
    put(tensor.name());
    put(tensor.datatype().name());
    put(tensor.shape().length);
    for (long size : tensor.shape()) {
      put(size);
    }
    put(tensor.data());
  }

  private void put(byte[] bytes) {
    put(bytes.length);
    flush();
    sha.update(bytes);
  }

  /// As UTF-16 units: UTF-8 would turn every unpaired surrogate into the same question mark.
  private void put(String text) {
    put(text.length());
    for (int i = 0; i < text.length(); i++) {
      room(Character.BYTES);
      char unit = text.charAt(i);
      pending[length] = (byte) (unit >> Byte.SIZE);
      pending[length + 1] = (byte) unit;
      length += Character.BYTES;
    }
  }

  private void put(long value) {
    room(Long.BYTES);
    putInt((int) (value >> Integer.SIZE));
    putInt((int) value);
  }

  private void putInt(int value) {
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      pending[length++] = (byte) (value >> shift);
    }
  }

  private void room(int bytes) {
    if (PENDING_BYTES - length < bytes) {
      flush();
    }
  }

  private void flush() {
    sha.update(pending, 0, length);
    length = 0;
  }
}

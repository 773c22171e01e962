package dev.pilotlight.cache;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.support.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

/// Computes the keys of results: two keys are equal exactly if tenant, model and item determine the
/// same answer.
///
/// The SHA-256 runs over the key format's version, tenant, model name, version, content digest,
/// runtime, the model's plan, and the item. Every part is preceded by its length and every choice
/// by a tag, so that no two different inputs give the same bytes. `truncate` is included, because a
/// text over the limit has an answer only with it. A model's policy is not, and neither is the
/// length to which a response shortens its embeddings.
///
/// It takes about two microseconds for a short text; a digest of the model's part is not kept.
public final class ResultKeys {
  /// Raise it whenever equal inputs may give different answers than before.
  private static final int FORMAT = 2;

  private static final int PENDING_BYTES = 1024;

  private static final int TEXT = 1;
  private static final int TOKENS = 2;
  private static final int TENSORS = 3;

  private final MessageDigest sha = Sha256.start();
  // digested when full: a call for each part would cost more than the digest
  private final ByteBuffer pending = ByteBuffer.allocate(PENDING_BYTES);

  private ResultKeys() {}

  public static ResultKey of(String tenant, ModelInfo model, Item item) {
    ResultKeys keys = new ResultKeys();
    keys.put(FORMAT);
    keys.put(tenant);
    keys.put(model);
    keys.put(item);
    keys.flush();
    byte[] digest = keys.sha.digest();
    return new ResultKey(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
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
      case Item.Text(String text, boolean truncate) -> {
        put(TEXT);
        put(truncate ? 1 : 0);
        put(text);
      }
      case Item.Tokens(int[] ids, boolean truncate) -> {
        put(TOKENS);
        put(truncate ? 1 : 0);
        put(ids.length);
        for (int id : ids) {
          room(Integer.BYTES).putInt(id);
        }
      }
      case Item.Tensors(List<Tensor> inputs, List<String> outputs) -> {
        put(TENSORS);
        put(inputs.size());
        inputs.forEach(this::put);
        put(outputs.size());
        outputs.forEach(this::put);
      }
    }
  }

  private void put(Tensor tensor) {
    put(tensor.name());
    put(tensor.datatype().name());
    put(tensor.shape().length);
    for (long size : tensor.shape()) {
      put(size);
    }
    put(tensor.data().length);
    flush();
    sha.update(tensor.data());
  }

  /// As UTF-16 units: UTF-8 would turn every unpaired surrogate into the same question mark.
  private void put(String text) {
    put(text.length());
    for (int i = 0; i < text.length(); i++) {
      room(Character.BYTES).putChar(text.charAt(i));
    }
  }

  private void put(long value) {
    room(Long.BYTES).putLong(value);
  }

  private ByteBuffer room(int bytes) {
    if (pending.remaining() < bytes) {
      flush();
    }
    return pending;
  }

  private void flush() {
    sha.update(pending.flip());
    pending.clear();
  }
}

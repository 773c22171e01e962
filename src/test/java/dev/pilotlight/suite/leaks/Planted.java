package dev.pilotlight.suite.leaks;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/// Secrets that tests use. [LeakScan] recognises a part of each in all that a run wrote.
public final class Planted {
  /// A word of texts that clients send; a tokenizer makes tokens of it as of any other.
  public static final String TEXT = "zanzibarquill";

  /// A password, or an AWS secret key, that the other side takes.
  public static final String PASSWORD = "s3cret-vermilion-9047";

  /// A password that the other side refuses.
  public static final String WRONG_PASSWORD = "wr0ng-vermilion-9047";

  /// How the secret part of each API key begins.
  static final String KEY = "PlantedKey--";

  static final List<String> MARKS = List.of(KEY, TEXT, "vermilion-9047");

  private Planted() {}

  /// The source of secrets of API keys: all but their first nine bytes are random.
  public static SecureRandom random() {
    return new Marked();
  }

  private static final class Marked extends SecureRandom {
    private static final long serialVersionUID = 1;
    private static final byte[] MARK = Base64.getUrlDecoder().decode(KEY);

    @Override
    public void nextBytes(byte[] bytes) {
      super.nextBytes(bytes);
      System.arraycopy(MARK, 0, bytes, 0, Math.min(MARK.length, bytes.length));
    }
  }
}

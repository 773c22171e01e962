package dev.pilotlight.store;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import dev.pilotlight.support.Settings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// Results, settings and clients for tests.
final class Stores {
  static final String TABLE = "results";
  static final String BUCKET = "large";
  static final Duration DAY = Duration.ofDays(1);

  private Stores() {}

  static ResultKey key(int number) {
    return new ResultKey("k%042d".formatted(number));
  }

  /// Makes a result of the last two minutes whose second does not end in zero: DynamoDB does not
  /// count a number's zeros at its end, and the item would be a byte smaller.
  static StoredResult result(int number, byte[] value) {
    Instant created = Instant.ofEpochSecond(Instant.now().getEpochSecond() / 100 * 100 - 1);
    return new StoredResult(key(number), "tenant", "model", "1", value, created, DAY);
  }

  static byte[] noise(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static StoreSettings settings(String... pairs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PILOTLIGHT_TABLE", TABLE);
    // generous, where a test is not about time
    environment.put("PILOTLIGHT_STORE_ATTEMPT_MS", "10000");
    environment.put("PILOTLIGHT_STORE_READ_MS", "30000");
    environment.put("PILOTLIGHT_STORE_WRITE_MS", "30000");
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put("PILOTLIGHT_" + pairs[i], pairs[i + 1]);
    }
    return StoreSettings.from(new Settings(environment));
  }

  static Clients clients(URI dynamo, URI s3, StoreSettings settings) {
    return EmulatedClients.of(settings, Map.of("DYNAMODB", dynamo, "S3", s3));
  }
}

package dev.pilotlight.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.template.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How long the template's rules keep objects in S3.
public final class TemplateDays {
  private TemplateDays() {}

  /// Days until S3 has deleted every version of an object: expiry, earlier versions, and 1, because
  /// S3 applies rules once a day.
  public static int of(String bucket, String prefix) throws IOException {
    Object rules = Yaml.read(Files.readString(Path.of("template.yaml")));
    for (String name :
        List.of("Resources", bucket, "Properties", "LifecycleConfiguration", "Rules")) {
      rules = value(rules, name);
    }
    int expired = 0;
    int earlier = 0;
    for (Object rule : (List<?>) rules) {
      Map<?, ?> fields = (Map<?, ?>) rule;
      if (prefix.equals(fields.get("Prefix"))) {
        expired += Integer.parseInt((String) value(fields, "ExpirationInDays"));
      } else if (fields.get("NoncurrentVersionExpiration") instanceof Map<?, ?> versions) {
        earlier += Integer.parseInt((String) value(versions, "NoncurrentDays"));
      }
    }
    assertThat(List.of(expired, earlier)).as(bucket + " " + prefix).doesNotContain(0);
    return expired + earlier + 1;
  }

  private static Object value(Object map, String name) {
    return Objects.requireNonNull(((Map<?, ?>) map).get(name), name);
  }
}

package dev.pilotlight.runtime;

import com.amazonaws.services.lambda.runtime.Client;
import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the two headers that hold JSON. Unknown fields are ignored.
final class ContextJson {
  /// The objects of a client context; an absent one is null.
  private record Fields(
      @Nullable Client getClient,
      @Nullable Map<String, String> getCustom,
      @Nullable Map<String, String> getEnvironment)
      implements ClientContext {}

  private record App(Map<String, String> fields) implements Client {
    @Override
    public @Nullable String getInstallationId() {
      return fields.get("installation_id");
    }

    @Override
    public @Nullable String getAppTitle() {
      return fields.get("app_title");
    }

    @Override
    public @Nullable String getAppVersionName() {
      return fields.get("app_version_name");
    }

    @Override
    public @Nullable String getAppVersionCode() {
      return fields.get("app_version_code");
    }

    @Override
    public @Nullable String getAppPackageName() {
      return fields.get("app_package_name");
    }
  }

  private record Identity(@Nullable String getIdentityId, @Nullable String getIdentityPoolId)
      implements CognitoIdentity {}

  private ContextJson() {}

  static ClientContext client(String json) throws IOException {
    Map<String, Map<String, String>> objects = new HashMap<>();
    try (JsonParser parser = open(json)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.START_OBJECT) {
          objects.put(name, strings(parser));
        } else {
          var _ = parser.skipChildren();
        }
      }
    }
    Map<String, String> client = objects.get("client");
    return new Fields(
        client == null ? null : new App(client), objects.get("custom"), objects.get("env"));
  }

  static CognitoIdentity identity(String json) throws IOException {
    try (JsonParser parser = open(json)) {
      Map<String, String> fields = strings(parser);
      return new Identity(fields.get("cognitoIdentityId"), fields.get("cognitoIdentityPoolId"));
    }
  }

  private static JsonParser open(String json) throws IOException {
    JsonParser parser = new JsonFactory().createParser(json);
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("not a JSON object: " + json);
    }
    return parser;
  }

  /// Reads the rest of an object; values that are objects or arrays are ignored.
  private static Map<String, String> strings(JsonParser parser) throws IOException {
    Map<String, String> strings = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
        strings.put(name, parser.getText());
      } else {
        var _ = parser.skipChildren();
      }
    }
    return strings;
  }
}

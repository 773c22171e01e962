package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Unmodified clients in JavaScript, of which only base URL, key and model are set.
@Timeout(300)
@EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
public class JavaScriptClientsIT {
  /// The folder with the scripts and their packages; the profile `clients` makes it.
  public static final String SCRIPTS = "clients.scripts";

  private static final List<String> TEXTS = List.of("hello world", "naïve Grüße, 東京 🚀");

  private static LocalStack stack;
  private static Client plain;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(Options.onFreePorts());
    plain = new Client(stack.gatewayUrl());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cohere-v1",
        "cohere-v2",
        "ollama",
        "ollama-embeddings",
        "mistral",
        "mixedbread",
        "openai",
        "langchain",
        "llamaindex",
        "vercel-cohere",
        "vercel-mistral",
        "vercel-openai",
        "vercel-together",
        "voyage"
      })
  void embeddingsAreThoseOfThePlainClient(String client) throws Exception {
    JsonNode answer = run(client);
    List<List<Float>> vectors = new ArrayList<>();
    for (JsonNode vector : answer.get("vectors")) {
      List<Float> values = new ArrayList<>();
      vector.forEach(value -> values.add(value.floatValue()));
      vectors.add(values);
    }
    assertThat(vectors)
        .isEqualTo(plain.embeddings(TEXTS).vectors().stream().map(Floats::of).toList());
    assertThat(answer.get("status").asInt()).as("for an unknown model").isEqualTo(404);
  }

  private static JsonNode run(String client) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(client, Client.MODEL));
    arguments.addAll(TEXTS);
    return run(stack, "embeddings.mjs", arguments);
  }

  /// Runs a script, and reads the JSON that it prints.
  ///
  /// @param arguments after the URL of the API
  public static JsonNode run(LocalStack api, String script, List<String> arguments)
      throws IOException, InterruptedException {
    String url = api.gatewayUrl().toString().replaceAll("/$", "");
    List<String> command = new ArrayList<>(List.of("node", script, url));
    command.addAll(arguments);
    Process node =
        new ProcessBuilder(command)
            .directory(Path.of(System.getProperty(SCRIPTS)).toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream out = node.getInputStream()) {
      JsonNode answer = new ObjectMapper().readTree(out);
      assertThat(node.waitFor()).isZero();
      return answer;
    }
  }
}

package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pilotlight.image.GoldenImages;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.model.ImageGraphs;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Images at the package that the build made: it answers them, or names the option that it was
/// built without. With `-Dpilotlight.images=true` it must answer them.
@Timeout(120)
final class ImagesPackageIT {
  private static final Path PACKAGE = Path.of("target/pilotlight").toAbsolutePath();
  private static final String OPTION = "-Dpilotlight.images=true";
  private static final String PICTURES = "pictures";

  @TempDir private Path models;
  @TempDir private Path logs;

  @Test
  void answersAnImageOrNamesTheMissingOption() throws IOException, InterruptedException {
    boolean demanded = Boolean.getBoolean("pilotlight.images");
    assumeThat(demanded || Files.exists(PACKAGE.resolve("bootstrap"))).isTrue();
    boolean decodes = Files.readString(PACKAGE.resolve("jre/release")).contains("java.desktop");
    assertThat(decodes).as("the package has the decoders").isIn(true, demanded);
    var _ = ImageGraphs.classifier(models, PICTURES);
    Options options =
        Options.onFreePorts()
            .withPackage(PACKAGE)
            .withModels(models)
            .withVariable("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=%s/%%p".formatted(logs))
            .withVariable("PILOTLIGHT_MODEL_SETTLE_MS", "0");
    try (LocalStack stack = LocalStack.start(options);
        HttpClient client = HttpClient.newHttpClient()) {
      for (String file : new String[] {"jpg/420.jpg", "png/rgb.png"}) {
        HttpResponse<String> answer = send(client, stack, file);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(decodes ? 200 : 501);
        assertThat(answer.body()).contains(decodes ? "\"score\":" : OPTION);
      }
      assertThat(metadata(client, stack).contains(OPTION)).isNotEqualTo(decodes);
    }
    if (decodes) {
      requireDecodersFromTheCache(logs);
    }
  }

  /// Only a training with images leaves these classes in the AOT cache.
  private static void requireDecodersFromTheCache(Path logs) throws IOException {
    List<String> classes = new ArrayList<>();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.toList()) {
        classes.addAll(Files.readAllLines(file));
      }
    }
    for (String decoder :
        new String[] {
          "com.sun.imageio.plugins.jpeg.JPEGImageReader",
          "com.sun.imageio.plugins.png.PNGImageReader",
          "dev.pilotlight.image.ImageDecoder"
        }) {
      String cached = " %s source: shared objects file".formatted(decoder);
      assertThat(classes).as(decoder).anyMatch(line -> line.contains(cached));
    }
  }

  private static String metadata(HttpClient client, LocalStack stack)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(stack.gatewayUrl().resolve("/v2/models/" + PICTURES)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static HttpResponse<String> send(HttpClient client, LocalStack stack, String file)
      throws IOException, InterruptedException {
    String type = file.endsWith(".png") ? "image/png" : "image/jpeg";
    HttpRequest request =
        HttpRequest.newBuilder(stack.gatewayUrl().resolve("/models/" + PICTURES))
            .header("content-type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(GoldenImages.file(file)))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}

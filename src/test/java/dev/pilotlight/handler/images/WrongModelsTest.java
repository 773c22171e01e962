package dev.pilotlight.handler.images;

import static dev.pilotlight.handler.images.ImageRequests.base64;
import static dev.pilotlight.handler.images.ImageRequests.dataUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Images for models of texts, texts for models of images, and wrong images, at every other door.
final class WrongModelsTest {
  private static final int CASES_LEAST = 40;
  private static final String RED = dataUrl(Pictures.png(Pictures.RED));
  private static final String GIF = base64(Pictures.gif());
  private static final String CUT = base64(Pictures.cut(Pictures.png(Pictures.RED), 20));

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = ImageModels.in(root).start("PILOTLIGHT_DEFAULT_MODEL", ImageModels.TEXTS);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  static Stream<BadImage> cases() {
    return Stream.of(textsForImages(), openAi(), cohere(), infer()).flatMap(List::stream);
  }

  private static List<BadImage> textsForImages() {
    return List.of(
        at("tei's embed", "/embed", "'inputs':'a','model':'eye'", 424, "eye"),
        at("tei's embeddings", "/embeddings", "'input':'a','model':'eye'", 424, "eye"),
        at("labels", "/predict", "'inputs':'a','model':'colours'", 424, "colours"),
        at("tokens", "/tokenize", "'inputs':'a','model':'eye'", 424, "eye"),
        at("tokens back", "/decode", "'ids':[1],'model':'eye'", 424, "eye"),
        at(
            "similarity",
            "/similarity",
            "'inputs':{'source_sentence':'a','sentences':['b']},'model':'eye'",
            424,
            "eye"),
        at("a ranking", "/rerank", "'query':'a','texts':['b'],'model':'lamps'", 424, "lamps"),
        at(
            "cohere's ranking",
            "/v2/rerank",
            "'query':'a','documents':['b'],'model':'colours'",
            400,
            "colours"),
        at("ollama", "/api/embed", "'model':'eye','input':'a'", 400, "eye"),
        at("kserve", "/v1/models/colours:predict", "'instances':['a']", 400, "takes images"),
        at(
            "vertex",
            "/vertex",
            "'instances':['a'],'parameters':{'model':'colours'}",
            400,
            "takes images"));
  }

  private static List<BadImage> openAi() {
    return List.of(
        openAi("a text", "'a cat'", "", 400, "not base64"),
        openAi("a text in a list", "['" + RED + "','a cat']", "", 400, "input[1] is not base64"),
        openAi("token ids", "[1,2]", "", 400, "input"),
        openAi("a URL", "'https://example.com/a.png'", "", 400, "not fetched"),
        openAi("a GIF", "'" + GIF + "'", "", 415, "input is a GIF"),
        openAi("half a PNG", "['" + RED + "','" + CUT + "']", "", 400, "input[1]"),
        openAi("texts", "'" + RED + "'", ",'modality':'text'", 400, "modality is \"text\""),
        openAi("sounds", "'" + RED + "'", ",'modality':'audio'", 400, "modality"),
        openAi("an instruction", "'" + RED + "'", ",'instruction':'a'", 400, "instruction"),
        openAi("a size", "'" + RED + "'", ",'dimensions':9", 400, "dimensions"),
        at(
            "an image for a model of texts",
            "/v1/embeddings",
            "'input':'" + RED + "','modality':'image'",
            400,
            "modality is \"image\""),
        at(
            "vectors of a classifier",
            "/v1/embeddings",
            "'model':'colours','input':'" + RED + "'",
            400,
            "does not produce embeddings"));
  }

  private static List<BadImage> cohere() {
    String image = "'images':['" + RED + "']";
    return List.of(
        cohere("no use", image, 400, "input_type is missing; accepted: image"),
        cohere("another use", image + ",'input_type':'search_query'", 400, "accepted: image"),
        cohere("images as texts", "'texts':['a'],'input_type':'image'", 400, "search_document"),
        cohere("texts", "'texts':['a'],'input_type':'clustering'", 400, "embeddings of texts"),
        cohere("both", image + ",'texts':['a'],'input_type':'image'", 400, "one of them"),
        cohere("no data URL", "'images':['" + GIF + "'],'input_type':'image'", 400, "data URL"),
        cohere("a URL", "'images':['http://a.b/c'],'input_type':'image'", 400, "not fetched"),
        cohere("no image", "'images':[],'input_type':'image'", 400, "missing"),
        cohere("a number", "'images':[1],'input_type':'image'", 400, "images[0]"),
        cohere(
            "a second GIF",
            "'images':['" + RED + "','data:image/gif;base64," + GIF + "'],'input_type':'image'",
            415,
            "images[1] is a GIF"),
        cohere(
            "a mixture",
            "'input_type':'clustering','inputs':[{'content':[{'text':'a'}]},"
                + "{'content':[{'image_url':{'url':'"
                + RED
                + "'}}]}]",
            400,
            "inputs[1] is of another kind"),
        at(
            "a model of texts",
            "/v2/embed",
            "'model':'" + ImageModels.TEXTS + "','input_type':'image'," + image,
            400,
            "embeddings of images"));
  }

  private static List<BadImage> infer() {
    return List.of(
        infer("a text", "'image','datatype':'BYTES','shape':[1],'data':['a cat']", 400, "data[0]"),
        infer("nothing", "'image','datatype':'BYTES','shape':[1],'data':['']", 400, "is empty"),
        infer("a GIF", "'image','datatype':'BYTES','shape':[1],'data':['" + GIF + "']", 415, "GIF"),
        infer(
            "half a PNG",
            "'image','datatype':'BYTES','shape':[2],'data':['" + RED + "','" + CUT + "']",
            400,
            "inputs[0].data[1]"),
        infer("numbers", "'image','datatype':'FP32','shape':[1],'data':[1]", 400, "takes BYTES"),
        infer("no element", "'image','datatype':'BYTES','shape':[0],'data':[]", 400, "shape"),
        infer(
            "a square",
            "'image','datatype':'BYTES','shape':[1,2],'data':['" + RED + "','a']",
            400,
            "shape"),
        infer("a text's name", "'text','datatype':'BYTES','shape':[1],'data':['a']", 400, "image"),
        infer("an umlaut", "'image','datatype':'BYTES','shape':[1],'data':['ä']", 415, "format"),
        infer(
            "two inputs",
            "'image','datatype':'BYTES','shape':[1],'data':['"
                + RED
                + "']},"
                + "{'name':'text','datatype':'BYTES','shape':[1],'data':['a']",
            400,
            "inputs[1].name"),
        at(
            "an image for a model of texts",
            "/v2/models/" + ImageModels.TEXTS + "/infer",
            "'inputs':[{'name':'image','datatype':'BYTES','shape':[1],'data':['" + RED + "']}]",
            400,
            "inputs[0].name is \"image\""));
  }

  private static BadImage openAi(String name, String input, String more, int status, String part) {
    return at(name, "/v1/embeddings", "'model':'eye','input':" + input + more, status, part);
  }

  private static BadImage cohere(String name, String fields, int status, String part) {
    return at(name, "/v2/embed", "'model':'eye'," + fields, status, part);
  }

  private static BadImage infer(String name, String input, int status, String part) {
    return at(name, "/v2/models/eye/infer", "'inputs':[{'name':" + input + "}]", status, part);
  }

  private static BadImage at(String name, String path, String fields, int status, String part) {
    String body = "{" + fields.replace('\'', '"') + "}";
    return new BadImage(name, TestRequest.post(path, body), status, part);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theRequestIsRefusedByName(BadImage bad) {
    bad.requireRefused(api);
  }

  @Test
  void thereAreCasesEnough() {
    assertThat(cases().count()).isGreaterThan(CASES_LEAST);
  }
}

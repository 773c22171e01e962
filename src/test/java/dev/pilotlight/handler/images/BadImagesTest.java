package dev.pilotlight.handler.images;

import static dev.pilotlight.handler.images.ImageRequests.base64;
import static dev.pilotlight.handler.images.ImageRequests.dataUrl;
import static dev.pilotlight.handler.images.ImageRequests.form;
import static dev.pilotlight.handler.images.ImageRequests.part;
import static dev.pilotlight.handler.images.ImageRequests.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Images that Hugging Face's paths refuse.
final class BadImagesTest {
  private static final int CASES_LEAST = 50;
  private static final String COLOURS = "/models/" + ImageModels.COLOURS;
  private static final byte[] RED = Pictures.png(Pictures.RED);
  private static final byte[] JPEG = Pictures.jpeg(Pictures.RED);

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api =
        ImageModels.in(root)
            .start(
                "PILOTLIGHT_DEFAULT_MODEL",
                ImageModels.TEXTS,
                "PILOTLIGHT_REQUEST_BYTES_MAX",
                "1000000");
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  static Stream<BadImage> cases() {
    return Stream.of(bytes(), broken(), types(), forms(), texts(), parameters(), models())
        .flatMap(List::stream);
  }

  private static List<BadImage> bytes() {
    return List.of(
        sent("no bytes", new byte[0], 400, "body is empty"),
        sent("a text", latin("hello world"), 415, "not of a known image format"),
        sent("JSON", latin("{\"inputs\":\"a\"}"), 415, "not of a known image format"),
        sent("zeros", new byte[100], 415, "accepted: a JPEG or PNG file"),
        sent("a GIF", Pictures.gif(), 415, "body is a GIF file; accepted: a JPEG or PNG"),
        sent("a BMP", Pictures.bmp(), 415, "body is a BMP file"),
        sent("a WebP", Pictures.webp(), 415, "body is a WebP file"),
        sent("an AVIF", Pictures.avif(), 415, "body is a AVIF file"),
        sent("a TIFF", latin("II*\0\u0008\0\0\0"), 415, "TIFF"),
        sent("an SVG", latin("<svg xmlns=''/>"), 415, "SVG"),
        sent("a PDF", latin("%PDF-1.7"), 415, "PDF"),
        sent("16 bits", Pictures.deep(), 415, "16"),
        sent("an animation", Pictures.animated(), 415, "anim"),
        new BadImage("CMYK", raw(COLOURS, "image/jpeg", Pictures.cmyk()), 415, "CMYK"),
        sent("too many bytes", new byte[1_000_001], 413, "1000001"));
  }

  private static List<BadImage> broken() {
    return List.of(
        sent("a bomb", Pictures.declaring(50_000, 50_000), 413, "50000"),
        sent("a wide bomb", Pictures.declaring(Integer.MAX_VALUE, 1), 413, "2147483647"),
        sent("no width", Pictures.declaring(0, 5), 400, "body"),
        sent("missing pixels", Pictures.declaring(100, 100), 400, "PNG"),
        sent("a signature alone", Pictures.cut(RED, 8), 400, "PNG"),
        sent("half a header", Pictures.cut(RED, 20), 400, "PNG"),
        sent("a header alone", Pictures.cut(RED, 33), 400, "PNG"),
        sent("half a PNG", Pictures.cut(RED, RED.length - 20), 400, "PNG"),
        jpeg("a JPEG's first bytes", Pictures.cut(JPEG, 3), 400, "JPEG"),
        jpeg("half a JPEG's head", Pictures.cut(JPEG, 100), 400, "JPEG"),
        jpeg("a JPEG without its end", Pictures.cut(JPEG, JPEG.length - 30), 400, "JPEG"));
  }

  private static List<BadImage> types() {
    return List.of(
        new BadImage(
            "a JPEG as PNG", raw(COLOURS, "image/png", JPEG), 415, "body is a JPEG file, but its"),
        new BadImage(
            "a PNG as JPEG", raw(COLOURS, "image/jpeg", RED), 415, "declared as 'image/jpeg'"),
        new BadImage("a PNG as WebP", raw(COLOURS, "image/webp", RED), 415, "image/png"),
        new BadImage("a PNG as text", raw(COLOURS, "text/plain", RED), 415, "multipart/form-data"),
        new BadImage(
            "curl's default",
            raw(COLOURS, "application/x-www-form-urlencoded", RED),
            415,
            "image/jpeg"),
        new BadImage("a PNG as JSON", raw(COLOURS, "application/json", RED), 400, "UTF-8"),
        new BadImage("octets of a GIF", raw(COLOURS, OCTETS, Pictures.gif()), 415, "GIF"),
        new BadImage("a GIF without a type", raw(COLOURS, "", Pictures.gif()), 415, "GIF"),
        new BadImage(
            "half a PNG in gzip",
            raw(COLOURS, "image/png", Pictures.cut(RED, 20)).compressed(),
            400,
            "PNG"),
        new BadImage(
            "a PNG that is not gzip",
            raw(COLOURS, "image/png", RED).with("content-encoding", "gzip"),
            400,
            "gzip"));
  }

  private static final String OCTETS = "application/octet-stream";

  private static List<BadImage> forms() {
    byte[] file = part("data", "image/png", RED);
    return List.of(
        new BadImage("no boundary", raw(COLOURS, "multipart/form-data", RED), 400, "boundary="),
        new BadImage(
            "another boundary",
            raw(COLOURS, "multipart/form-data; boundary=a", RED),
            400,
            "does not have the boundary"),
        new BadImage("no part", form(COLOURS, new byte[0][]), 400, "the form has no part"),
        new BadImage("two files", form(COLOURS, file, file), 400, "data is a second part"),
        new BadImage(
            "a field after the file",
            form(COLOURS, file, part("top_k", "", latin("3"))),
            400,
            "top_k is a second part"),
        new BadImage(
            "a field before the file",
            form(COLOURS, part("top_k", "", latin("3")), file),
            400,
            "accepted: one part with a file, whose name is one of data, file, image, inputs"),
        new BadImage(
            "an empty file",
            form(COLOURS, part("file", "image/png", new byte[0])),
            400,
            "file is empty"),
        new BadImage(
            "a text",
            form(COLOURS, part("image", "text/plain", latin("hello"))),
            415,
            "image is not"),
        new BadImage(
            "a PNG as a text", form(COLOURS, part("image", "text/plain", RED)), 415, "text/plain"),
        new BadImage(
            "a GIF", form(COLOURS, part("data", "", Pictures.gif())), 415, "data is a GIF"),
        new BadImage(
            "a truncated form",
            raw(
                COLOURS,
                "multipart/form-data; boundary=----f0rm",
                Pictures.cut(form(COLOURS, file).body(), 200)),
            400,
            "the form is truncated"));
  }

  private static List<BadImage> texts() {
    return List.of(
        json("a sentence", "'inputs':'a cat sleeps'", 400, "inputs is not base64"),
        json("a word that is base64", "'inputs':'word'", 415, "not of a known image format"),
        json("base64 of a GIF", "'inputs':'" + base64(Pictures.gif()) + "'", 415, "GIF"),
        json(
            "line breaks",
            "'inputs':'" + base64(RED).substring(0, 20) + "\\n'",
            400,
            "line breaks"),
        json("a URL", "'inputs':'https://example.com/cat.jpg'", 400, "not fetched"),
        json("another URL", "'inputs':'s3://bucket/cat.jpg'", 400, "not fetched"),
        json("a file", "'inputs':'file:///etc/passwd'", 400, "not fetched"),
        json("no comma", "'inputs':'data:image/png;base64'", 400, "not base64"),
        json("no base64", "'inputs':'data:image/png," + base64(RED) + "'", 400, "not base64"),
        json("no type", "'inputs':'data:;base64," + base64(RED) + "'", 415, "text/plain"),
        json("another type", "'inputs':'data:image/jpeg;base64," + base64(RED) + "'", 415, "PNG"),
        json("nothing in it", "'inputs':'data:image/png;base64,'", 400, "inputs is empty"),
        json("spaces in it", "'inputs':'data:image/png;base64,iVBO Rw0K'", 400, "not base64"),
        json("an empty text", "'inputs':''", 400, "inputs is empty"),
        json("an empty list", "'inputs':[]", 400, "inputs is empty"),
        empty("/models/colours/pipeline/image-classification"),
        empty("/pipeline/image-feature-extraction/eye"),
        empty("/models/columns"),
        empty("/models/lamps"),
        json(
            "a GIF in a list",
            "'inputs':['" + dataUrl(RED) + "','" + base64(Pictures.gif()) + "']",
            415,
            "inputs[1]"),
        json(
            "half a PNG in a list",
            "'inputs':['" + dataUrl(RED) + "','" + base64(Pictures.cut(RED, 20)) + "']",
            400,
            "inputs[1]"),
        json(
            "missing pixels in a list",
            "'inputs':['"
                + dataUrl(RED)
                + "','"
                + base64(Pictures.cut(RED, RED.length - 20))
                + "']",
            400,
            "inputs[1]"),
        json("a pair", "'inputs':{'text':'a','text_pair':'b'}", 400, "pair of texts"),
        json(
            "sentences",
            "'inputs':{'source_sentence':'a','sentences':['b']}",
            400,
            "sentence-similarity"));
  }

  private static List<BadImage> parameters() {
    String image = "'inputs':'" + base64(RED) + "',";
    return List.of(
        json(
            "truncate",
            image + "'parameters':{'truncate':true}",
            400,
            "parameters.truncate is not"),
        json("a prompt", image + "'parameters':{'prompt_name':'a'}", 400, "prompt_name is not"),
        json("all scores", image + "'parameters':{'return_all_scores':true}", 400, "return_all"),
        json("normalize", image + "'normalize':true", 400, "not a parameter of the task image-c"),
        json("no label", image + "'parameters':{'top_k':0}", 400, "top_k"),
        json("a function", image + "'parameters':{'function_to_apply':'tanh'}", 400, "softmax"),
        json(
            "labels to choose",
            image + "'parameters':{'candidate_labels':['a']}",
            400,
            "candidate"));
  }

  private static List<BadImage> models() {
    return List.of(
        at("an embedder of texts", "/models/" + ImageModels.TEXTS, 400, "takes texts"),
        at("a classifier of texts", "/models/classes", 400, "takes texts"),
        at("a model of tensors", "/models/tensors", 400, "tensors"),
        at("an unknown model", "/models/none", 404, "none"),
        at(
            "labels of an embedder",
            "/models/eye/pipeline/image-classification",
            400,
            "image-embedding"),
        at(
            "vectors of a classifier",
            "/pipeline/image-feature-extraction/colours",
            400,
            "image-classification"),
        at("a task on texts", "/pipeline/text-classification/colours", 400, "text-classification"),
        at("labels of a text model", "/pipeline/image-classification/classes", 400, "classes"));
  }

  private static BadImage sent(String name, byte[] body, int status, String part) {
    return new BadImage(name, raw(COLOURS, "image/png", body), status, part);
  }

  private static BadImage jpeg(String name, byte[] body, int status, String part) {
    return new BadImage(name, raw(COLOURS, "image/jpeg", body), status, part);
  }

  private static BadImage json(String name, String fields, int status, String part) {
    String body = "{" + fields.replace('\'', '"') + "}";
    return new BadImage(name, TestRequest.post(COLOURS, body), status, part);
  }

  private static BadImage empty(String path) {
    TestRequest request = TestRequest.post(path, "{\"inputs\":[]}");
    return new BadImage("an empty list at " + path, request, 400, "inputs is empty");
  }

  private static BadImage at(String name, String path, int status, String part) {
    return new BadImage(name, raw(path, "image/png", RED), status, part);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBadImageIsRefusedByName(BadImage bad) {
    bad.requireRefused(api);
  }

  @Test
  void thereAreCasesEnough() {
    assertThat(cases().count()).isGreaterThan(CASES_LEAST);
  }
}

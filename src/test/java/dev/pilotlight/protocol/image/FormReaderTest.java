package dev.pilotlight.protocol.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FormReaderTest {
  private static final String TYPE = "multipart/form-data; boundary=XyZ";
  private static final String HEAD =
      "Content-Disposition: form-data; name=\"data\"; filename=\"a.png\"\r\n"
          + "Content-Type: image/png\r\n";

  private static FormFile read(String contentType, String body) {
    return FormReader.read(contentType, body.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Refusal refusal(String contentType, String body) {
    return catchThrowableOfType(Refusal.class, () -> read(contentType, body));
  }

  private static String form(String head, String data) {
    return "--XyZ\r\n" + head + "\r\n" + data + "\r\n--XyZ--\r\n";
  }

  private static String text(FormFile file) {
    return new String(file.data(), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "\r\n",
        "\r\n--",
        "\r\n--Xy",
        "\r\n--XyZa",
        "\r\n--XyZ-",
        "--XyZ--",
        "\u00ff\u00d8\u0000\r\n\r\n\u00ff"
      })
  void theBytesOfTheFileAreThoseBetweenTheDelimiters(String data) {
    FormFile file = read(TYPE, form(HEAD, data));
    assertThat(text(file)).isEqualTo(data);
    assertThat(file.name()).isEqualTo("data");
    assertThat(file.contentType()).isEqualTo("image/png");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "multipart/form-data; boundary=XyZ",
        "multipart/form-data; boundary=\"XyZ\"",
        "Multipart/Form-Data;charset=utf-8;BOUNDARY=XyZ",
        "multipart/form-data; note=\"a; boundary=b\"; boundary=XyZ ",
      })
  void theBoundaryIsAParameterOfTheType(String type) {
    assertThat(text(read(type, form(HEAD, "abc")))).isEqualTo("abc");
  }

  @Test
  void linesBeforeAndAfterThePartsAndSpacesAfterADelimiterAreSkipped() {
    String body = "before\r\n--XyZ \t\r\n" + HEAD + "\r\nabc\r\n--XyZ--after\r\n--XyZ\r\n";
    assertThat(text(read(TYPE, body))).isEqualTo("abc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "file", "image", "inputs"})
  void theFileMayHaveEachOfTheNames(String name) {
    String head = "content-disposition:form-data;filename=\"name=x;\\\"\" ; NAME=" + name + "\r\n";
    FormFile file = read(TYPE, form(head, "abc"));
    assertThat(file.name()).isEqualTo(name);
    assertThat(file.contentType()).isEmpty();
  }

  @Test
  void aSecondPartIsRefusedByItsName() {
    String second = "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"top_k\"\r\n\r\n3";
    Refusal refusal = refusal(TYPE, form(HEAD, "abc" + second));
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal.field()).contains("top_k");
    assertThat(refusal.message()).contains("second part", "data, file, image, inputs");
  }

  @Test
  void anUnknownNameIsRefused() {
    String head = "Content-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n";
    Refusal refusal = refusal(TYPE, form(head, "abc"));
    assertThat(refusal.field()).contains("photo");
    assertThat(refusal.message()).contains("data, file, image, inputs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"base64", "Quoted-Printable"})
  void encodedPartsAreRefused(String encoding) {
    String head = HEAD + "Content-Transfer-Encoding: " + encoding + "\r\n";
    Refusal refusal = refusal(TYPE, form(head, "YWJj"));
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_MEDIA_TYPE);
    assertThat(refusal.message()).contains(encoding.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "multipart/form-data boundary=XyZ",
      })
  void aTypeWithoutABoundaryIsRefused(String type) {
    Refusal refusal = refusal(type, form(HEAD, "abc"));
    assertThat(refusal.field()).contains("content-type");
    assertThat(refusal.message()).contains("boundary=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "an empty body | '' | does not have the boundary",
        "another boundary | '--Abc\r\n\r\n\r\n--Abc--' | does not have the boundary",
        "no part | '--XyZ--' | has no part",
        "no end | '--XyZ\r\nContent-Disposition: form-data; name=data\r\n\r\nabc' | truncated",
        "half an end | '--XyZ\r\nContent-Disposition: form-data; name=data\r\n\r\n\r\n--Xy'"
            + " | truncated",
        "no end of headers | '--XyZ\r\nContent-Disposition: form-data' | headers of a part",
        "no headers | '--XyZ\r\n\r\nabc\r\n--XyZ--' | content-disposition",
        "an attachment | '--XyZ\r\nContent-Disposition: file; name=data\r\n\r\n\r\n--XyZ--'"
            + " | form-data",
        "no name | '--XyZ\r\nContent-Disposition: form-data\r\n\r\n\r\n--XyZ--'"
            + " | form-data with a name",
      })
  void aBrokenFormIsRefused(String name, String body, String part) {
    Refusal refusal = refusal(TYPE, body);
    assertThat(refusal.field()).as(name).contains("body");
    assertThat(refusal.message()).as(name).contains(part);
  }

  @Test
  void headersOverTheLimitAreRefused() {
    String head = HEAD + "X: " + "a".repeat(8192) + "\r\n";
    assertThat(refusal(TYPE, form(head, "abc")).message()).contains("8192 bytes");
  }

  @Test
  void everyBeginningOfAFormIsRefused() {
    String whole = form(HEAD, "abc");
    int end = whole.lastIndexOf("--") + 2;
    for (int length = 0; length < end; length++) {
      assertThat(refusal(TYPE, whole.substring(0, length))).as("%d", length).isNotNull();
    }
  }

  @Test
  void aFormWithAnotherByteIsAFileOrRefused() {
    String whole = form(HEAD, "abc");
    for (int at = 0; at < whole.length(); at++) {
      for (char other : new char[] {0, '\r', '\n', '"', '\\', ';', '=', '-', 'X', '\u00ff'}) {
        String changed = whole.substring(0, at) + other + whole.substring(at + 1);
        assertThatCode(() -> readOrRefuse(changed))
            .as("%s at %d", (int) other, at)
            .doesNotThrowAnyException();
      }
    }
  }

  private static void readOrRefuse(String body) {
    try {
      assertThat(read(TYPE, body).data().length).isLessThan(body.length());
    } catch (Refusal refusal) {
      assertThat(refusal.message()).isNotEmpty();
    }
  }
}

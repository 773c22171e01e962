package dev.pilotlight.support.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HttpRequestTest {
  @Test
  void namesAHeaderThatIsNotAsciiWithoutItsValue() {
    for (String value : new String[] {"secret\r\n", "secr\u00e9t"}) {
      assertThatThrownBy(() -> HttpRequest.of("GET", "/").header("X-Token", value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("X-Token must be visible ASCII");
    }
    assertThatThrownBy(() -> HttpRequest.of("GET", "/a\nb"))
        .hasMessage("the request line must be visible ASCII");
  }
}

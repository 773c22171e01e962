package dev.pilotlight.support.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpOriginTest {
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000/path, false, 127.0.0.1, 8000, 127.0.0.1:8000",
    "HTTP://a, false, a, 80, a",
    "https://a.b.c, true, a.b.c, 443, a.b.c",
    "https://a:443, true, a, 443, a",
    "https://a:80, true, a, 80, a:80",
    "http://[::1]:7, false, [::1], 7, [::1]:7"
  })
  void readsUris(String uri, boolean tls, String host, int port, String authority) {
    HttpOrigin origin = HttpOrigin.of(URI.create(uri));
    assertThat(origin).isEqualTo(new HttpOrigin(tls, host, port));
    assertThat(origin.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://a", "a:80", "/path", "http:/a", "http://a:70000"})
  void refusesOtherUris(String uri) {
    assertThatThrownBy(() -> HttpOrigin.of(URI.create(uri)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("accepted: http://host:port");
  }

  @Test
  void aRequestTakesNoLineBreaks() {
    HttpRequest request = HttpRequest.of("GET", "/");
    for (String bad : new String[] {"a\r\nb", "a\nb", "\u0000", "\u00e9", "\u010a", "\t"}) {
      assertThatThrownBy(() -> request.header("X", bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> HttpRequest.of("GET", "/ \r\n"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(HttpRequest.of("GET", "/").header("X", "~ ").bytes())
        .asString()
        .isEqualTo("GET / HTTP/1.1\r\nX: ~ \r\n\r\n");
  }

  @Test
  void connectingFailsWithoutAServer() throws IOException {
    long nanos = Duration.ofSeconds(20).toNanos();
    try (Socket taken = new Socket()) {
      // nobody listens at its port, and no other test's server can get it
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      HttpOrigin gone = new HttpOrigin(false, "127.0.0.1", taken.getLocalPort());
      assertThatThrownBy(() -> HttpConnection.open(gone, nanos)).isInstanceOf(IOException.class);
    }
    HttpOrigin nowhere = new HttpOrigin(false, "no-such-host.invalid", 80);
    assertThatThrownBy(() -> HttpConnection.open(nowhere, nanos))
        .isInstanceOf(UnknownHostException.class);
  }
}

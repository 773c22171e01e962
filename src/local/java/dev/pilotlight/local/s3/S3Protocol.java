package dev.pilotlight.local.s3;

import com.google.common.base.Throwables;
import com.google.common.net.HttpHeaders;
import dev.pilotlight.local.support.LocalCallers;
import dev.pilotlight.local.support.Ports;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.gaul.s3proxy.S3ProxyHandler;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// S3's protocol over a store, by s3proxy, on our own Jetty. s3proxy's Jetty answers before the end
/// of a chunked body has arrived, which cuts the connection now and then. The client then writes
/// again, and there is one version and one event too many.
final class S3Protocol extends S3ProxyHandler {
  private static final long OBJECT_BYTES_MAX = 5L << 30;
  private static final long XML_BYTES_MAX = 128L << 20;
  private static final int CHUNK_BYTES_MAX = 16 << 20;
  private static final int TIME_SKEW_SECONDS_MAX = 15 * 60;

  private S3Protocol(BlobStore store) {
    super(
        store,
        AuthenticationType.NONE,
        null,
        null,
        null,
        OBJECT_BYTES_MAX,
        XML_BYTES_MAX,
        CHUNK_BYTES_MAX,
        // Lambda has a session token, which the SDK sends
        true,
        null,
        null,
        TIME_SKEW_SECONDS_MAX);
  }

  /// Starts a server on 127.0.0.1.
  ///
  /// @param port 0 for a free one
  static Server start(int port, BlobStore store) throws Exception {
    HttpConfiguration lenient = new HttpConfiguration();
    lenient.setHttpCompliance(HttpCompliance.LEGACY);
    // keys can have empty segments, dots and escaped slashes
    lenient.setUriCompliance(UriCompliance.LEGACY);
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(lenient));
    connector.setHost(Ports.HOST);
    connector.setPort(port);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new S3Protocol(store).servlet()), "/*");
    server.setHandler(LocalCallers.only(context, LocalCallers.Shape.XML));
    Ports.bindPatiently(port, connector::open);
    server.start();
    return server;
  }

  private HttpServlet servlet() {
    return new HttpServlet() {
      @Override
      protected void service(HttpServletRequest request, HttpServletResponse response)
          throws IOException {
        handle(request, response);
      }
    };
  }

  private void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
    try (InputStream body = new ReadToTheEnd(request.getInputStream())) {
      doHandle(request, request, response, body, null);
    } catch (IOException | RuntimeException e) {
      switch (reason(e)) {
        case AwsServiceException refusal -> refuse(request, response, refusal);
        case UnsupportedOperationException no ->
            refuse(request, response, 501, "NotImplemented", no);
        case IllegalArgumentException bad -> refuse(request, response, 400, "InvalidArgument", bad);
        default -> throw e;
      }
    }
  }

  // an error of the body is the cause of one of reading it
  private static Throwable reason(Exception e) {
    return Throwables.getCausalChain(e).stream()
        .filter(AwsServiceException.class::isInstance)
        .findFirst()
        .orElse(e);
  }

  private void refuse(
      HttpServletRequest request, HttpServletResponse response, AwsServiceException refusal)
      throws IOException {
    var details = S3Exceptions.httpResponse(refusal);
    if (details != null) {
      for (String header : List.of(HttpHeaders.ETAG, "x-amz-delete-marker", "x-amz-version-id")) {
        details.firstMatchingHeader(header).ifPresent(value -> response.setHeader(header, value));
      }
    }
    String code = S3Exceptions.errorCode(refusal);
    if (code == null) {
      response.setStatus(refusal.statusCode());
    } else {
      sendSimpleErrorResponse(
          request,
          response,
          code,
          refusal.statusCode(),
          refusal.awsErrorDetails().errorMessage(),
          Map.of());
    }
  }

  private void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      int status,
      String code,
      RuntimeException why)
      throws IOException {
    sendSimpleErrorResponse(
        request, response, code, status, String.valueOf(why.getMessage()), Map.of());
  }

  /// A body that is read to its end when it is closed.
  private static final class ReadToTheEnd extends FilterInputStream {
    ReadToTheEnd(InputStream body) {
      super(body);
    }

    @Override
    public int read(byte[] into, int start, int length) throws IOException {
      return in.read(into, start, length);
    }

    @Override
    public void close() throws IOException {
      in.transferTo(OutputStream.nullOutputStream());
      super.close();
    }
  }
}

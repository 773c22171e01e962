package dev.pilotlight.handler;

import static dev.pilotlight.protocol.http.HttpResponse.CLIENT_ERROR;
import static dev.pilotlight.protocol.http.HttpResponse.SERVER_ERROR;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Meter.Ended;
import dev.pilotlight.protocol.http.TraceHeader;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Sends the stages of sampled requests to Lambda's X-Ray daemon, as subsegments of the segment
/// that Lambda writes for the invocation. A failure to send is logged, and the request is answered.
///
/// One datagram holds a request: the header line, then a segment document of the type `subsegment`
/// that contains one for each stage.
///
/// Sources: <https://docs.aws.amazon.com/xray/latest/devguide/>, pages `xray-api-sendingdata` and
/// `xray-api-segmentdocuments`.
final class Traces implements AutoCloseable {
  private static final byte[] HEADER =
      "{\"format\":\"json\",\"version\":1}\n".getBytes(StandardCharsets.US_ASCII);
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;

  /// Begins the trace of a sampled request.
  interface Tracer {
    /// Begins it; null if there can be none.
    @Nullable Trace begin(Meter meter);
  }

  /// Begins traces while there is a daemon that takes them. Thread-safe. It loads the rest with the
  /// first sampled request.
  static final class Source implements AutoCloseable {
    private final Log log;
    // empty if requests are not traced, or no longer
    private volatile String daemon;
    private @Nullable Traces traces; // guarded by this

    /// @param daemon its address; empty if requests are not traced
    Source(String daemon, Log log) {
      this.daemon = daemon;
      this.log = log;
    }

    /// Whether sampled requests are traced.
    boolean isOn() {
      return !daemon.isEmpty();
    }

    /// Begins the trace of a sampled request. After a failure, which is logged, no request is
    /// traced.
    ///
    /// @param header of X-Ray
    /// @return null where there is no daemon that takes it
    synchronized @Nullable Trace begin(String header, Meter meter) {
      if (daemon.isEmpty()) {
        return null;
      }
      try {
        if (traces == null) {
          traces = new Traces(daemon, log);
        }
        return traces.begin(header, meter);
      } catch (IOException | RuntimeException e) {
        daemon = "";
        log.warn("requests cannot be traced", e);
        return null;
      }
    }

    @Override
    public synchronized void close() {
      daemon = "";
      if (traces != null) {
        traces.close();
      }
    }
  }

  private final DatagramSocket socket;
  private final InetSocketAddress daemon;
  private final Log log;

  /// @param address host and port, as in `AWS_XRAY_DAEMON_ADDRESS`
  /// @throws IllegalArgumentException if it is not `host:port`, or no host has this name
  /// @throws IOException if there is no socket
  Traces(String address, Log log) throws IOException {
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "AWS_XRAY_DAEMON_ADDRESS is '" + address + "'; accepted: host:port");
    }
    daemon =
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    if (daemon.isUnresolved()) {
      throw new IllegalArgumentException(
          "AWS_XRAY_DAEMON_ADDRESS is '" + address + "', whose host has no address");
    }
    socket = new DatagramSocket();
    this.log = log;
  }

  /// Begins the trace of a request.
  ///
  /// @param header of the request ([TraceHeader])
  /// @param meter keeps the ends of the stages from now on
  /// @return null if the request is not sampled
  @Nullable Trace begin(String header, Meter meter) {
    String root = TraceHeader.root(header);
    String parent = TraceHeader.parent(header);
    if (root == null || parent == null || !TraceHeader.isSampled(header)) {
      return null;
    }
    meter.keepEnds();
    return new Trace(root, parent, meter);
  }

  @Override
  public void close() {
    socket.close();
  }

  /// The trace of one request. Confined to the request's thread.
  final class Trace {
    private final String root;
    private final String parent;
    private final Meter meter;
    private final long begunNanos = System.nanoTime();
    private final long begunMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

    private Trace(String root, String parent, Meter meter) {
      this.root = root;
      this.parent = parent;
      this.meter = meter;
    }

    /// Sends the trace, and logs if that fails.
    ///
    /// @param status the status that the caller got
    void end(int status) {
      try {
        byte[] document = document(status);
        byte[] packet = new byte[HEADER.length + document.length];
        System.arraycopy(HEADER, 0, packet, 0, HEADER.length);
        System.arraycopy(document, 0, packet, HEADER.length, document.length);
        socket.send(new DatagramPacket(packet, packet.length, daemon));
      } catch (IOException | RuntimeException e) {
        log.warn("a trace could not be sent to X-Ray's daemon", e);
      }
    }

    private byte[] document(int status) {
      JsonBytes json = new JsonBytes().object();
      json.field("trace_id", root).field("parent_id", parent).field("type", "subsegment");
      head(json, "pilotlight", begunNanos, System.nanoTime());
      if (status >= SERVER_ERROR) {
        json.field("fault", true);
      } else if (status >= CLIENT_ERROR) {
        json.field("error", true);
      }
      json.name("subsegments").array();
      for (Ended stage : meter.ends()) {
        json.object();
        long end = stage.atNanos();
        head(json, stage.timing().stage().wireName(), end - stage.timing().nanos(), end);
        json.endObject();
      }
      return json.endArray().endObject().toByteArray();
    }

    private void head(JsonBytes json, String name, long startNanos, long endNanos) {
      json.field("name", name).field("id", id());
      json.name("start_time").literal(seconds(startNanos));
      json.name("end_time").literal(seconds(endNanos));
    }

    /// Seconds since 1970, with microseconds.
    private String seconds(long nanos) {
      long micros = begunMicros + (nanos - begunNanos) / NANOS_PER_MICRO;
      String fraction = Long.toString(MICROS_PER_SECOND + micros % MICROS_PER_SECOND);
      return micros / MICROS_PER_SECOND + "." + fraction.substring(1);
    }
  }

  /// 16 hexadecimal digits.
  private static String id() {
    String digits = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return "0".repeat(Long.BYTES * 2 - digits.length()) + digits;
  }
}

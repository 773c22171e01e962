package dev.pilotlight.cli.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The requests of a traffic file, in its order.
///
/// @param format never [TrafficFormat#AUTO]
/// @param credentials headers and queries with credentials that were left out
/// @param leftOut requests by method that were left out because the method was not chosen
/// @param unreadable lines of an access log that hold no request, such as those of scanners
/// @param firstUnreadable the line of the first one; 0 if there is none
public record Traffic(
    TrafficFormat format,
    List<RecordedRequest> requests,
    int credentials,
    Map<String, Integer> leftOut,
    int unreadable,
    int firstUnreadable) {
  /// The most requests that a file may have.
  public static final int REQUESTS_MAX = 1_000_000;

  private static final int LINE_MAX = 16 * 1024 * 1024;

  /// Requests may take this share of the heap.
  private static final long HEAP_SHARE = 4;

  /// Bytes of a request besides its path and body, about.
  private static final int REQUEST_BYTES = 200;

  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  public Traffic {
    requests = List.copyOf(requests);
    leftOut = new TreeMap<>(leftOut);
  }

  /// Reads a file.
  ///
  /// @param bodies for the requests of an access log that need one, used in turn; may be empty
  /// @param methods that are sent
  /// @param most requests that are read; the rest of the file is not
  /// @throws Malformed if a line has another form, or a body is missing, or the requests take too
  ///   much memory
  public static Traffic read(
      Path file, TrafficFormat format, List<byte[]> bodies, Set<String> methods, int most)
      throws IOException, Malformed {
    Reading reading = new Reading(file, format, bodies, methods);
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = line(lines);
          !line.isEmpty() && reading.requests.size() < most;
          line = line(lines)) {
        if (line.length() > LINE_MAX) {
          throw new Malformed(
              file, reading.number + 1, "has more than 16,777,216 characters; accepted: fewer");
        }
        reading.add(line);
      }
    } catch (CharacterCodingException e) {
      throw new Malformed(file, reading.number + 1, "is not UTF-8");
    }
    return reading.finish();
  }

  /// A line with its end, cut when it is too long; empty at the end of the file.
  private static String line(BufferedReader lines) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = lines.read(); next >= 0; next = lines.read()) {
      line.append((char) next);
      if (next == '\n' || line.length() > LINE_MAX) {
        break;
      }
    }
    return line.toString();
  }

  /// The bodies of a file: its lines if its name ends with `.jsonl`, else one body, the whole file.
  ///
  /// @throws Malformed if there is none
  public static List<byte[]> bodies(Path file) throws IOException, Malformed {
    List<byte[]> bodies = new ArrayList<>();
    if (file.toString().endsWith(".jsonl")) {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        if (!line.isBlank()) {
          bodies.add(line.getBytes(StandardCharsets.UTF_8));
        }
      }
    } else {
      byte[] body = Files.readAllBytes(file);
      if (body.length > 0) {
        bodies.add(body);
      }
    }
    if (bodies.isEmpty()) {
      throw new Malformed(file.toString(), "holds no body");
    }
    return bodies;
  }

  private static final class Reading {
    private final Path file;
    private final List<byte[]> bodies;
    private final Set<String> methods;
    private final List<RecordedRequest> requests = new ArrayList<>();
    private final Map<String, Integer> leftOut = new HashMap<>();
    private TrafficFormat format;
    private int number;
    private int credentials;
    private long bytes;
    private int readable;
    private int unreadable;
    private int firstUnreadable;
    private @Nullable Malformed first;

    Reading(Path file, TrafficFormat format, List<byte[]> bodies, Set<String> methods) {
      this.file = file;
      this.format = format;
      this.bodies = bodies;
      this.methods = methods;
    }

    void add(String given) throws Malformed {
      number++;
      String line =
          number == 1 && given.startsWith("\ufeff")
              ? given.substring(1).stripTrailing()
              : given.stripTrailing();
      if (line.isBlank()) {
        return;
      }
      format = format.resolve(line);
      try {
        RecordedRequest request = parse(line);
        RecordedRequest without = request.withoutCredentials();
        credentials += without.path().equals(request.path()) ? 0 : 1;
        keep(without);
        readable++;
      } catch (RequestLine.Wrong e) {
        Malformed malformed = new Malformed(file, number, e.reason());
        if (!format.isAccessLog()) {
          throw malformed;
        }
        if (unreadable == 0) {
          first = malformed;
          firstUnreadable = number;
        }
        unreadable++;
      }
    }

    private RecordedRequest parse(String line) throws RequestLine.Wrong {
      return switch (format) {
        case APIGATEWAY -> AccessLine.gateway(number, line);
        case ALB -> AccessLine.balancer(number, line);
        case COMBINED -> AccessLine.combined(number, line);
        case AUTO, REQUESTS -> {
          RequestLine reader = new RequestLine();
          RecordedRequest request = reader.parse(number, line);
          credentials += reader.credentials();
          yield request;
        }
      };
    }

    private void keep(RecordedRequest request) throws Malformed {
      if (!methods.contains(request.method())) {
        leftOut.merge(request.method(), 1, Integer::sum);
      } else if (requests.size() == REQUESTS_MAX) {
        throw new Malformed(file, number, "is request 1,000,001; accepted: 1,000,000 requests");
      } else {
        RecordedRequest kept = withBody(request);
        bytes += REQUEST_BYTES + kept.path().length() + kept.body().length;
        long bytesMax = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        if (bytes > bytesMax) {
          throw new Malformed(
              file,
              number,
              "is over the %,d bytes that requests may take; accepted: fewer, or a larger heap"
                  .formatted(bytesMax));
        }
        requests.add(kept);
      }
    }

    private RecordedRequest withBody(RecordedRequest request) throws Malformed {
      if (!format.isAccessLog() || !WITH_BODY.contains(request.method())) {
        return request;
      }
      if (bodies.isEmpty()) {
        throw new Malformed(
            file,
            number,
            "is a %s, and an access log holds no bodies; accepted: --body FILE, or --methods GET"
                .formatted(request.method()));
      }
      return new RecordedRequest(
          request.line(),
          request.method(),
          request.path(),
          Map.of("content-type", "application/json"),
          bodies.get(requests.size() % bodies.size()));
    }

    Traffic finish() throws Malformed {
      if (first != null && unreadable > readable) {
        // the file has another form
        throw first;
      }
      if (requests.isEmpty()) {
        throw new Malformed(
            file.toString(),
            "holds no request of the chosen methods; accepted: " + RequestLine.FORM);
      }
      return new Traffic(format, requests, credentials, leftOut, unreadable, firstUnreadable);
    }
  }
}

package dev.pilotlight.local.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A function that answers an HTTP event with the event itself, or obeys an order: by the field
/// `do` of the event, or with the header `x-reply`, which holds its answer in base64.
public final class EchoHandler implements RequestStreamHandler {
  private static final Pattern ORDER = Pattern.compile("\"do\":\"([a-z]+) ?([^\"]*)\"");
  private static final Map<String, Integer> ATTEMPTS = new ConcurrentHashMap<>();
  private static final Pattern REPLY = Pattern.compile("\"x-reply\":\"([^\"]*)\"");

  /// A function that cannot initialise.
  public static final class Broken implements RequestStreamHandler {
    public Broken() {
      throw new IllegalStateException("broken on purpose");
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) {}
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    byte[] event = input.readAllBytes();
    // the first 4,096 bytes are enough for orders
    String text = new String(event, 0, Math.min(event.length, 4096), StandardCharsets.UTF_8);
    Matcher order = ORDER.matcher(text);
    Matcher reply = REPLY.matcher(text);
    if (order.find()) {
      output.write(obey(order.group(1), order.group(2), context));
    } else if (reply.find()) {
      output.write(Base64.getDecoder().decode(reply.group(1)));
    } else {
      output.write(echo(event));
    }
  }

  private static byte[] echo(byte[] event) {
    String body = Base64.getEncoder().encodeToString(event);
    return """
        {"statusCode":200,"headers":{"content-type":"application/json"},\
        "body":"%s","isBase64Encoded":true}"""
        .formatted(body)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] obey(String verb, String argument, Context context) {
    String answer =
        switch (verb) {
          case "sleep" -> {
            sleep(Long.parseLong(argument));
            yield System.getenv("AWS_LAMBDA_LOG_STREAM_NAME");
          }
          case "pid" -> Long.toString(ProcessHandle.current().pid());
          case "exit" -> {
            Runtime.getRuntime().halt(Integer.parseInt(argument));
            yield "unreachable";
          }
          case "throw" -> throw new IllegalStateException(argument);
          case "fail" -> {
            int attempt = ATTEMPTS.merge(context.getAwsRequestId(), 1, Integer::sum);
            if (attempt <= Integer.parseInt(argument)) {
              throw new IllegalStateException("attempt " + attempt);
            }
            System.out.println("answered attempt " + attempt);
            yield "attempt " + attempt;
          }
          case "once" -> {
            if (!Path.of(argument).toFile().delete()) {
              yield "it lives";
            }
            Runtime.getRuntime().halt(1);
            yield "unreachable";
          }
          case "log" -> {
            System.out.println(argument);
            yield "logged";
          }
          case "env" -> String.valueOf(System.getenv(argument));
          case "names" -> String.join(" ", System.getenv().keySet());
          case "large" -> "x".repeat(Integer.parseInt(argument));
          case "remaining" -> Integer.toString(context.getRemainingTimeInMillis());
          case "arn" -> context.getInvokedFunctionArn();
          case "use" -> Long.toString(use(Integer.parseInt(argument)));
          default -> "what is " + verb + "?";
        };
    return ('"' + answer + '"').getBytes(StandardCharsets.UTF_8);
  }

  private static void sleep(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Touches so many megabytes outside the heap, and keeps them for a while.
  private static long use(int megabytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate((long) megabytes << 20);
      block.fill((byte) 1);
      sleep(10_000);
      return block.byteSize();
    }
  }
}

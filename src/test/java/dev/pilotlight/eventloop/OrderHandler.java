package dev.pilotlight.eventloop;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A handler that does what an event orders: `word argument`. Any other event is its own response.
public final class OrderHandler implements RequestStreamHandler {
  /// Cannot be made.
  public static final class Throwing implements RequestStreamHandler {
    public Throwing() {
      throw new IllegalStateException("no \"start\"\nat all", new IOException("the cause"));
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) {}
  }

  /// Cannot be made, without a message.
  public static final class Failing implements RequestStreamHandler {
    public Failing() {
      throw new AssertionError();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) {}
  }

  /// Cannot be initialised.
  public static final class NotInitialised implements RequestStreamHandler {
    private static final int NUMBER = Integer.parseInt("x");

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
        throws IOException {
      out.write(NUMBER);
    }
  }

  /// Has no constructor without arguments.
  public static final class NoConstructor implements RequestStreamHandler {
    private final int size;

    public NoConstructor(String text) {
      size = text.length();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
        throws IOException {
      out.write(size);
    }
  }

  /// Is inside an instance.
  public final class Inner implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
        throws IOException {
      OrderHandler.this.handleRequest(in, out, context);
    }
  }

  /// Cannot be made, because it is abstract.
  public abstract static class Abstract implements RequestStreamHandler {}

  /// A handler of objects, which our loop does not have.
  public static final class OfObjects implements RequestHandler<String, String> {
    @Override
    public String handleRequest(String input, Context context) {
      return input;
    }
  }

  /// Fails with two causes, the inner one suppressing another failure.
  static final class Checked extends Exception {
    private static final long serialVersionUID = 1;

    Checked(String message, Throwable cause) {
      super(message, cause);
    }
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    byte[] event = in.readAllBytes();
    String text = new String(event, StandardCharsets.UTF_8);
    String word = text.isEmpty() ? "" : text.split(" ", 2)[0];
    switch (word) {
      case "throw" -> throw new IllegalStateException(text.substring(word.length()));
      case "null" -> throw new IllegalStateException();
      case "nested" -> sneak(nested());
      case "circle" -> throw circle();
      case "assert" -> throw new AssertionError("an error");
      case "deep" -> recurse(0);
      case "memory" -> throw new OutOfMemoryError("on purpose");
      case "io" -> throw new IOError(new IOException("the disk"));
      case "partial" -> {
        out.write(event);
        throw new IOException("after some bytes");
      }
      case "large" -> out.write("x".repeat(6 * 1024 * 1024).getBytes(StandardCharsets.UTF_8));
      case "interrupt" -> Thread.currentThread().interrupt();
      case "interrupted" -> out.write(ascii(Boolean.toString(Thread.interrupted())));
      case "context" -> out.write(describe(context).getBytes(StandardCharsets.UTF_8));
      case "log" -> log(context);
      default -> out.write(event);
    }
  }

  private static int recurse(int depth) {
    return depth < Integer.MAX_VALUE ? recurse(depth + 1) + 1 : 0;
  }

  private static Throwable nested() {
    IllegalArgumentException inner = new IllegalArgumentException("inner");
    inner.addSuppressed(new IOException("suppressed"));
    return new Checked("outer é \" \u0001 \uD83D\uDE00 <&>", new IOException(inner));
  }

  private static IllegalStateException circle() {
    IllegalStateException one = new IllegalStateException("one");
    IllegalStateException other = new IllegalStateException("other", one);
    one.initCause(other);
    return one;
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private static void log(Context context) {
    context.getLogger().log("plain\nof two lines\n");
    context.getLogger().log("a warning\n", LogLevel.WARN);
    context.getLogger().log("for nobody\n", LogLevel.TRACE);
    context.getLogger().log("bytes\n".getBytes(StandardCharsets.UTF_8));
    context.getLogger().log((String) null, LogLevel.ERROR);
  }

  private static String describe(Context context) {
    StringBuilder text = new StringBuilder();
    line(text, "id", context.getAwsRequestId());
    line(text, "group", context.getLogGroupName());
    line(text, "stream", context.getLogStreamName());
    line(text, "function", context.getFunctionName());
    line(text, "version", context.getFunctionVersion());
    line(text, "arn", context.getInvokedFunctionArn());
    line(text, "memory", context.getMemoryLimitInMB());
    line(text, "remaining", context.getRemainingTimeInMillis() / 100_000);
    line(text, "tenant", context.getTenantId());
    line(text, "trace", context.getXrayTraceId());
    line(text, "property", System.getProperty("com.amazonaws.xray.traceHeader"));
    CognitoIdentity identity = context.getIdentity();
    if (identity != null) {
      line(text, "identity", identity.getIdentityId() + " " + identity.getIdentityPoolId());
    }
    ClientContext client = context.getClientContext();
    if (client != null) {
      line(text, "custom", sorted(client.getCustom()));
      line(text, "env", sorted(client.getEnvironment()));
      if (client.getClient() != null) {
        line(text, "app", client.getClient().getAppTitle());
        line(text, "app id", client.getClient().getInstallationId());
        line(text, "app package", client.getClient().getAppPackageName());
        line(text, "app code", client.getClient().getAppVersionCode());
        line(text, "app version", client.getClient().getAppVersionName());
      }
    }
    return text.toString();
  }

  private static String sorted(@Nullable Map<String, String> map) {
    return map == null ? "none" : new TreeMap<>(map).toString();
  }

  private static void line(StringBuilder text, String name, @Nullable Object value) {
    text.append(name).append('=').append(value).append('\n');
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

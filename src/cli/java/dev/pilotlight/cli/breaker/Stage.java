package dev.pilotlight.cli.breaker;

import dev.pilotlight.model.files.JsonFile;
import java.math.BigDecimal;
import java.util.List;
import software.amazon.awssdk.http.SdkHttpMethod;

/// The stage of an HTTP API, which a throttle of 0 closes.
///
/// @param rate requests a second that the stack chooses
/// @param burst requests at once that the stack chooses
record Stage(Region region, String apiId, BigDecimal rate, BigDecimal burst) implements Gate {
  private static final String SERVICE = "apigateway";

  @Override
  public State state() throws Refused {
    JsonFile settings = region.get(SERVICE, path()).nested("defaultRouteSettings");
    double now = settings.number("throttlingRateLimit").orElseThrow(Stage::unthrottled);
    double burstNow = settings.number("throttlingBurstLimit").orElseThrow(Stage::unthrottled);
    boolean closed = now == 0;
    String open = "open: %s requests a second, %s at once".formatted(plain(now), plain(burstNow));
    return new State(closed, List.of(closed ? CLOSED : open));
  }

  private static Refused unthrottled() {
    return new Refused(SERVICE + ": the stage has no throttle");
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  @Override
  public void open() throws Refused {
    throttle(rate, burst);
  }

  @Override
  public void close() throws Refused {
    throttle(BigDecimal.ZERO, BigDecimal.ZERO);
  }

  private void throttle(BigDecimal perSecond, BigDecimal atOnce) throws Refused {
    String body =
        "{\"defaultRouteSettings\":{\"throttlingRateLimit\":%s,\"throttlingBurstLimit\":%s}}"
            .formatted(perSecond.toPlainString(), atOnce.toPlainString());
    region.change(SdkHttpMethod.PATCH, SERVICE, path(), body);
  }

  @Override
  public String chosen() {
    return "ThrottleRate of the stack is " + rate.toPlainString();
  }

  /// The path of the stage `$default`.
  private String path() {
    return "/v2/apis/%s/stages/%%24default".formatted(apiId);
  }
}

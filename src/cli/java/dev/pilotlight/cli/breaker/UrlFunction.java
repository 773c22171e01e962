package dev.pilotlight.cli.breaker;

import dev.pilotlight.cli.aws.Rows;
import dev.pilotlight.model.files.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;

/// The function with a URL, which a reserved concurrency of 0 closes. Lambda allows no more
/// provisioned environments than are reserved, so the breaker also deletes those.
///
/// @param name the function's
/// @param reserved the concurrency that the stack reserves; -1 for none
/// @param provisioned whether the stack keeps provisioned environments on the alias
record UrlFunction(Region region, String name, int reserved, boolean provisioned) implements Gate {
  private static final String SERVICE = "lambda";
  private static final String SCALING = "application-autoscaling";
  private static final String ALIAS = "live";
  private static final String RESERVED = "ReservedConcurrentExecutions";
  private static final String KEPT = "ProvisionedConcurrentExecutions";
  private static final String NONE_KEPT = "ProvisionedConcurrencyConfigNotFoundException";

  @Override
  public State state() throws Refused {
    Optional<Integer> now =
        region
            .get(SERVICE, "/2019-09-30/functions/" + name + "/concurrency")
            .integer(RESERVED, 0, Integer.MAX_VALUE);
    boolean closed = now.isPresent() && now.get() == 0;
    String open =
        now.map(count -> "open: at most %d concurrent requests".formatted(count))
            .orElse("open: as many concurrent requests as the account allows");
    List<String> lines = new ArrayList<>(List.of(closed ? CLOSED : open));
    if (provisioned) {
      lines.add(kept().map(UrlFunction::line).orElse("provisioned: no environments"));
    }
    return new State(closed, lines);
  }

  private static String line(JsonFile kept) {
    return "provisioned: %d environments, of which %d are ready"
        .formatted(count(kept, "Requested" + KEPT), count(kept, "Available" + KEPT));
  }

  private static int count(JsonFile json, String key) {
    return json.integer(key, 0, Integer.MAX_VALUE).orElse(0);
  }

  private Optional<JsonFile> kept() throws Refused {
    return region.find(SERVICE, provisionedPath(), NONE_KEPT);
  }

  @Override
  public void open() throws Refused {
    // asked before anything changes: a refusal leaves it closed
    long missing = provisioned && kept().isEmpty() ? least() : 0;
    if (reserved < 0) {
      region.change(SdkHttpMethod.DELETE, SERVICE, reservedPath(), "");
    } else {
      reserve(reserved);
    }
    if (missing > 0) {
      String body = "{\"%s\":%d}".formatted(KEPT, missing);
      region.change(SdkHttpMethod.PUT, SERVICE, provisionedPath(), body);
    }
  }

  @Override
  public void close() throws Refused {
    if (provisioned && kept().isPresent()) {
      region.change(SdkHttpMethod.DELETE, SERVICE, provisionedPath(), "");
    }
    reserve(0);
  }

  private void reserve(int count) throws Refused {
    String body = "{\"%s\":%d}".formatted(RESERVED, count);
    region.change(SdkHttpMethod.PUT, SERVICE, reservedPath(), body);
  }

  private String reservedPath() {
    return "/2017-10-31/functions/" + name + "/concurrency";
  }

  /// The fewest environments that scaling keeps, which a schedule may have changed meanwhile.
  private long least() throws Refused {
    String id = "function:%s:%s".formatted(name, ALIAS);
    String body =
        "{\"ServiceNamespace\":\"lambda\",\"ResourceIds\":[\"%s\"],\"ScalableDimension\":\"%s\"}"
            .formatted(id, "lambda:function:ProvisionedConcurrency");
    JsonFile answer = region.json(SCALING, "AnyScaleFrontendService.DescribeScalableTargets", body);
    for (Map<String, @Nullable Object> target : Rows.of(answer, "ScalableTargets")) {
      if (target.get("MinCapacity") instanceof Long least) {
        return least;
      }
    }
    throw new Refused("%s: there is no scalable target %s".formatted(SCALING, id));
  }

  @Override
  public String chosen() {
    return "ReservedConcurrency of the stack is " + reserved;
  }

  private String provisionedPath() {
    return "/2019-09-30/functions/%s/provisioned-concurrency?Qualifier=%s".formatted(name, ALIAS);
  }
}

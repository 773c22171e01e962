package dev.pilotlight.e2e.batch;

import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The calls that a batch makes for its own state, each with a name, and a kill at some of them.
/// Thread-safe.
final class BatchSteps {
  private static final Pattern STATE = Pattern.compile("\":state\":\\{\"S\":\"(\\w+)\"");
  private static final Pattern UNIQUE =
      Pattern.compile("[0-9]+-[0-9a-f-]{36}|[0-9]+(?=[.]continue)|(?<=/)[A-Za-z0-9_-]{43}(?=/)");
  private static final Pattern PARAMETER = Pattern.compile("([^&=]+)(?:=([^&]*))?");

  /// The `count`th call of a name, counted since the last kill.
  record Point(String name, int count, boolean before) {}

  private final Runnable kill;
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<Point> seen = new ArrayList<>();
  private final Queue<Point> plan = new ConcurrentLinkedQueue<>();

  BatchSteps(Runnable kill) {
    this.kill = kill;
  }

  /// Forgets what was seen; kills at these points, one after the other.
  synchronized void begin(List<Point> newPlan) {
    counts.clear();
    seen.clear();
    plan.clear();
    plan.addAll(newPlan);
  }

  /// In the order in which they came, as points before the calls.
  synchronized List<Point> seen() {
    return List.copyOf(seen);
  }

  /// The points that did not come.
  synchronized List<Point> left() {
    return List.copyOf(plan);
  }

  Fate s3(Between.Call call) {
    return step(s3Name(call));
  }

  Fate dynamo(Between.Call call) {
    return dynamoName(call).map(this::step).orElseGet(Fate.Pass::new);
  }

  private synchronized Fate step(String name) {
    int count = counts.merge(name, 1, Integer::sum);
    seen.add(new Point(name, count, true));
    Point next = plan.peek();
    if (next == null || !next.name().equals(name) || next.count() != count) {
      return new Fate.Pass();
    }
    plan.remove();
    counts.clear();
    if (next.before()) {
      kill.run();
      return new Fate.Fail(500, "");
    }
    return new Fate.PassAnd(kill);
  }

  /// Renewals of the lease are left out: they come when they come.
  private static Optional<String> dynamoName(Between.Call call) {
    if (!call.body().contains("batch#")) {
      return Optional.empty();
    }
    if (!call.action().equals("UpdateItem")) {
      return Optional.of(call.action());
    }
    Matcher state = STATE.matcher(call.body());
    boolean isCheckpoint = call.body().contains(":progress");
    return isCheckpoint && state.find()
        ? Optional.of("Update to " + state.group(1))
        : Optional.empty();
  }

  /// The same for what is the same call of another run.
  static String s3Name(Between.Call call) {
    StringBuilder name = new StringBuilder(call.method()).append(' ');
    name.append(call.uri().getPath());
    String query = call.uri().getQuery() == null ? "" : call.uri().getQuery();
    Matcher parameter = PARAMETER.matcher(query);
    while (parameter.find()) {
      boolean named =
          parameter.group(1).equals("prefix") || parameter.group(1).equals("partNumber");
      name.append(' ').append(named ? parameter.group() : parameter.group(1));
    }
    return UNIQUE.matcher(name).replaceAll("*");
  }
}

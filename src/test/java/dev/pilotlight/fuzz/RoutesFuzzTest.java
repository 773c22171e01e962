package dev.pilotlight.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.refusals.Mutations;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.suite.Soak;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spoilt requests to every route: `mvn verify` sends some thousands, `-Psoak` a million.
class RoutesFuzzTest {
  private static final int REQUESTS = Soak.amount(6_000, 1_000_000);
  private static final long SEED = 20_261_129;
  private static final Duration SLOWEST = Duration.ofSeconds(20);
  private static final long GROWTH_MAX = 32L << 20;

  @TempDir private Path root;

  @Test
  void everyRouteHasAGoodRequest() {
    List<String> patterns =
        GoodRequests.all().stream()
            .map(request -> Router.pattern(http(request)).orElse("none"))
            .toList();

    assertThat(patterns)
        .containsAll(
            Router.routes().stream()
                .map(route -> route.method() + " " + route.path())
                .filter(route -> !route.contains("/v1/results/")) // has no result here
                .toList());
  }

  @Test
  void noSpoiltRequestIsAnErrorOfOurs() {
    List<TestRequest> good = GoodRequests.all();
    Random random = new Random(SEED);
    TreeMutations trees = new TreeMutations(random, good);
    Mutations bytes = new Mutations(random, good);
    try (Harness function = FuzzModels.start(root)) {
      requireAnswered(function);
      Map<Integer, Integer> statuses = new TreeMap<>();
      long usedBefore = 0;
      for (int i = 0; i < REQUESTS; i++) {
        if (i == REQUESTS / 4) {
          usedBefore = usedHeap();
        }
        TestRequest request =
            random.nextInt(4) == 0
                ? bytes.next()
                : spoilt(trees, good.get(random.nextInt(good.size())), random);
        statuses.merge(answered(function, request, i), 1, Integer::sum);
      }
      requireAnswered(function);
      assertThat(usedHeap() - usedBefore).as("growth in bytes").isLessThan(GROWTH_MAX);
      // spoilt enough to be refused, and not so much that nothing gets through
      assertThat(statuses.get(200)).isGreaterThan(REQUESTS / 10);
      assertThat(statuses).containsKeys(400, 404, 405, 415, 422);
    }
  }

  private static TestRequest spoilt(TreeMutations trees, TestRequest good, Random random) {
    TestRequest request = trees.changed(good);
    if (random.nextInt(8) != 0) {
      return request;
    }
    Map.Entry<String, String> header = trees.header();
    return request.with(header.getKey(), header.getValue());
  }

  private static int answered(Harness function, TestRequest request, int number) {
    byte[] event = number % 2 == 0 ? request.event() : request.restEvent();
    long start = System.nanoTime();
    Harness.Reply reply = function.send(event);
    assertThat(System.nanoTime() - start).as("ns").isLessThan(SLOWEST.toNanos());
    assertThat(reply.status())
        .as("%d: %s gave %s", number, shown(request), reply.text())
        .isBetween(200, 499);
    return reply.status();
  }

  private static void requireAnswered(Harness function) {
    assertThat(GoodRequests.answered())
        .allSatisfy(
            request -> {
              Harness.Reply reply = function.send(request.event());
              assertThat(reply.status()).as(shown(request) + reply.text()).isEqualTo(200);
            });
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static HttpRequest http(TestRequest request) {
    String[] parts = request.path().split("\\?", 2);
    return new HttpRequest(
        request.method(),
        parts[0],
        Map.of(),
        request.headers(),
        request.body(),
        true,
        Map.of(),
        "id",
        parts.length == 1 ? "" : parts[1]);
  }

  private static String shown(TestRequest request) {
    return "%s %s %s"
        .formatted(
            request.path(),
            request.headers(),
            new String(request.body(), StandardCharsets.ISO_8859_1));
  }
}

package dev.pilotlight.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import dev.pilotlight.e2e.Texts;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.support.Option;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.support.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/// Two saturated environments, while one dependency after the other fails.
///
/// Counted are requests, not responses: every request gets the right answer, at once or after
/// refusals, and none is lost. Every refusal is a 5xx or 429 with `Retry-After`, which the clients
/// wait for, or API Gateway's own 500 for a function that was killed. The store keeps each result
/// that a client got.
///
/// Refusals are limited where they do not depend on how fast the machine is:
/// - Only a kill and a fault of DynamoDB refuse anything. Without one, from 2 s after it, 99.9 % of
///   the attempts are answered.
/// - Within a fault of DynamoDB, 90 % of the attempts at hits are answered.
/// - Only kills break off a request.
/// - Each request is answered within 32 s after the longest fault.
///
/// `mvn -Pfaults` takes two minutes, `-Dfaults.seconds=1800` half an hour.
@Timeout(3_600)
@Isolated // it saturates the machine
@Tag("faults")
@EnabledIfSystemProperty(named = "faults.seconds", matches = "\\d+")
class FaultsUnderLoadIT {
  private static final int CLIENTS = 16;
  private static final int SECONDS = Integer.getInteger("faults.seconds", 120);
  private static final int KINDS = Fault.values().length;

  /// So many that a fault begins every minute at the latest.
  private static final int ROUNDS = Math.ceilDiv(SECONDS, 60 * KINDS);

  private static final Duration PERIOD = Duration.ofSeconds(SECONDS / (ROUNDS * KINDS));

  /// Longer than a look-up or a write waits for DynamoDB, so that requests are refused.
  private static final Duration LASTS =
      Duration.ofSeconds(Math.min(8, PERIOD.toSeconds() * 8 / 15));

  /// After a fault and before the next one, in which requests are answered again.
  private static final Duration CALM = Duration.ofSeconds(2);

  private static final Set<Fault> KILLS = EnumSet.of(Fault.ENVIRONMENTS_ARE_KILLED);
  private static final Set<Fault> OF_DYNAMODB =
      EnumSet.of(Fault.DYNAMODB_STOPS_ANSWERING, Fault.DYNAMODB_IS_SLOW);

  /// Only these refuse requests. Without Redis there is DynamoDB.
  private static final Set<Fault> REFUSING =
      EnumSet.of(
          Fault.ENVIRONMENTS_ARE_KILLED, Fault.DYNAMODB_STOPS_ANSWERING, Fault.DYNAMODB_IS_SLOW);

  /// At least so many of the attempts without such a fault are answered. Refused are a few if the
  /// machine stalls for longer than the function waits for DynamoDB.
  private static final double CALM_MIN = 0.999;

  /// At least so many of the hits without DynamoDB are answered, from Redis. Refused are those that
  /// Redis does not answer in its short time on a busy machine.
  private static final double HITS_MIN = 0.9;

  /// From a request's first attempt to its answer: a fault, the probe after it, the time of
  /// `Retry-After`, a new environment, and a busy machine.
  private static final Duration ANSWERED_WITHIN = LASTS.plusSeconds(32);

  private static final long GROWTH_MAX_KB = 48 << 10;

  private final List<Long> residentKb = new ArrayList<>();
  private final Map<Fault, Integer> answeredAfter = new EnumMap<>(Fault.class);

  @Test
  void everyRequestGetsItsRightAnswerAtOnceOrAfterRefusalsThatCanBeSentAgain() throws Exception {
    int port = Ports.unused();
    try (TcpProxy dynamo = new TcpProxy(URI.create("http://127.0.0.1:" + port));
        LocalStack stack = LocalStack.start(options(port, dynamo))) {
      Client client = new Client(stack.gatewayUrl());
      Traffic traffic = new Traffic(client, expected(client));

      traffic.during(CLIENTS, () -> faults(stack, dynamo, traffic));

      System.out.printf(
          "%d requests, %d answered right, %d of them at once; refusals by status %s;"
              + " longest %d ms; new results %d; resident KB %s%n",
          traffic.asked(),
          traffic.right(),
          traffic.atOnce(),
          traffic.refused(),
          traffic.longest().toMillis(),
          traffic.acknowledged().size(),
          residentKb);
      Attempts attempts = traffic.attempts();
      Attempts.Share without = attempts.without(REFUSING);
      Attempts.Share hits = attempts.hitsWithin(OF_DYNAMODB);
      System.out.printf(
          "attempts answered: %s without a fault that may refuse; %s hits without DynamoDB%n",
          without, hits);
      assertThat(traffic.faults()).isEmpty();
      assertThat(without.value()).as("without a fault, %s", without).isGreaterThan(CALM_MIN);
      assertThat(hits.value()).as("hits, %s", hits).isGreaterThan(HITS_MIN);
      assertThat(traffic.longest()).isLessThan(ANSWERED_WITHIN);
      assertThat(traffic.crashes())
          .as("no response, or a crash, and no environment was killed")
          .allMatch(time -> attempts.isWithin(KILLS, time));
      assertThat(traffic.right()).as("requests answered right").isEqualTo(traffic.asked());
      answeredAfter.keySet().removeAll(KILLS); // a busy machine starts environments slowly
      assertThat(answeredAfter.values()).as("" + answeredAfter).allMatch(count -> count > 0);
      stack.redis().orElseThrow().flush();
      traffic.assertKept();
      assertThat(stack.environments()).isEqualTo(2);
      assertThat(residentKb).allMatch(kb -> kb > 0);
      long atHalf = residentKb.get(residentKb.size() / 2);
      assertThat(residentKb.getLast() - atHalf).as("growth").isLessThan(GROWTH_MAX_KB);
    }
  }

  private static Options options(int dynamoPort, TcpProxy dynamo) {
    return Options.onFreePorts()
        .withPort(Option.DYNAMODB_PORT, dynamoPort)
        .withEnvironmentsMax(2)
        // so that hits come from Redis, and from DynamoDB without it
        .withVariable("PILOTLIGHT_MEMORY_CACHE_BYTES", "0")
        .withVariable("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
  }

  private static Map<String, byte[]> expected(Client client) {
    Map<String, byte[]> expected = new HashMap<>();
    for (String text : Texts.of(7, 200, 12)) {
      expected.put(
          text, client.embeddings(List.of(text), "cache-control", "no-store").vectors().getFirst());
    }
    return expected;
  }

  private void faults(LocalStack stack, TcpProxy dynamo, Traffic traffic)
      throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      for (Fault fault : Fault.values()) {
        long begun = System.nanoTime();
        fault.begin(stack, dynamo);
        Thread.sleep(LASTS);
        fault.end(stack, dynamo);
        traffic.attempts().fault(fault, begun);
        Thread.sleep(PERIOD.minus(LASTS).minus(CALM));
        int before = traffic.right();
        Thread.sleep(CALM);
        answeredAfter.merge(fault, traffic.right() - before, Math::min);
        residentKb.add(resident());
      }
    }
  }

  /// The memory of the largest environment's process, in kilobytes.
  private static long resident() {
    return ProcessHandle.current()
        .descendants()
        .filter(Resident::isEnvironment)
        .mapToLong(Resident::kb)
        .max()
        .orElse(0);
  }
}

package dev.pilotlight.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import dev.pilotlight.e2e.faults.OneFault.Meanwhile;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One fault of Redis or DynamoDB after the other against one process of the function, which is
/// never restarted. Meanwhile each request gets the right answer, or 503 with `Retry-After`, in
/// time. Afterwards new texts are stored and hits come from Redis again, and the store has every
/// result that a client got.
@Timeout(120)
class EachFaultIT {
  @SuppressWarnings("NullAway.Init")
  private static FaultyStack faulty;

  @SuppressWarnings("NullAway.Init")
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    faulty = FaultyStack.start();
    client = new Client(faulty.stack().gatewayUrl());
  }

  @AfterAll
  static void stop() throws IOException {
    faulty.close();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "REDIS_REFUSES_CONNECTIONS",
        "DYNAMODB_REFUSES_CONNECTIONS",
        "CONNECTIONS_ARE_CLOSED"
      })
  void answersOrRefusesAndRecoversWithoutARestart(OneFault fault) throws Exception {
    String known = "known before " + fault;
    List<String> fresh = List.of("new while " + fault, "another while " + fault);
    String later = "new after " + fault;
    Asked asked = new Asked(client);
    asked.expect(List.of(known, fresh.get(0), fresh.get(1), later));
    asked.until(known, EachFaultIT::isOfRedis);
    Set<Long> processes = faulty.pids();
    assertThat(processes).hasSize(1);

    fault.begin(faulty);
    try {
      requireKnown(fault, asked.ask(known));
      for (String text : fresh) {
        requireNew(fault, asked.ask(text));
      }
      requireKnown(fault, asked.ask(known));
    } finally {
      fault.end(faulty);
    }

    for (String text : fresh) {
      asked.until(text, reply -> reply.status() == 200);
    }
    asked.until(later, reply -> reply.status() == 200);
    asked.until(known, EachFaultIT::isOfRedis);
    faulty.redisServer().flush();
    asked.assertKept();
    assertThat(faulty.pids()).as("not restarted").isEqualTo(processes);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "REDIS_REFUSES_CONNECTIONS",
        "DYNAMODB_REFUSES_CONNECTIONS",
        "CONNECTIONS_ARE_CLOSED"
      })
  @OnlyInFaults
  void answersOrRefusesDuringOtherFaultsAndRecoversWithoutARestart(OneFault fault)
      throws Exception {
    answersOrRefusesAndRecoversWithoutARestart(fault);
  }

  private static void requireKnown(OneFault fault, Client.Reply reply) {
    if (fault.answers() != Meanwhile.SOME) {
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }
    if (fault.answers() == Meanwhile.WITHOUT_REDIS) {
      assertThat(reply.header("cache-status")).contains("detail=\"dynamodb\"");
    }
  }

  private static void requireNew(OneFault fault, Client.Reply reply) {
    if (fault.answers() != Meanwhile.SOME) {
      int expected = fault.answers() == Meanwhile.KNOWN ? 503 : 200;
      assertThat(reply.status()).as(reply.text()).isEqualTo(expected);
    }
  }

  private static boolean isOfRedis(Client.Reply reply) {
    return reply.header("cache-status").contains("detail=\"redis\"");
  }
}

package dev.pilotlight.store.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.direct.ScriptedDynamo.Received;
import dev.pilotlight.store.direct.ScriptedDynamo.Reply;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// Makes one call by either client against the same script.
final class Comparison {
  static final String TABLE = "results";
  static final String TOKEN = "a/session+token==";

  private Comparison() {}

  /// @param outcome the result, or the failure with its cause and whether it counts as an outage
  record Made(String outcome, List<Received> requests) {}

  static Made make(
      Client client,
      Operation operation,
      Duration attempt,
      Duration budget,
      Function<Received, Reply> script) {
    try (ScriptedDynamo server = new ScriptedDynamo(script);
        Clients clients = clients(client, server.endpoint(), attempt)) {
      return new Made(outcome(clients, operation, attempt, budget), List.copyOf(server.received()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String outcome(Clients clients, Operation operation, Duration attempt, Duration budget) {
    try {
      return operation.make(clients.calls(TABLE), Deadline.in(budget));
    } catch (StoreException e) {
      long least = Math.min(attempt.toNanos(), budget.toNanos()) / 10 * 9;
      String kind = e.isOutage(least) ? "outage" : "failure";
      Throwable cause = e.getCause();
      return kind + (cause == null ? "" : " by " + cause.getClass().getSimpleName());
    } catch (ConditionalCheckFailedException e) {
      return "a condition that was not sent failed";
    }
  }

  static void requireBounded(int sdk, int direct) {
    assertThat(direct).as("requests").isBetween(1, sdk + 1);
  }

  static Clients clients(Client client, URI endpoint, Duration attempt) {
    return clients(client, endpoint, attempt, TOKEN, new Log(System.out, Log.Level.ERROR));
  }

  static Clients clients(Client client, URI endpoint, Duration attempt, String token, Log log) {
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", endpoint.toString());
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    environment.put("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    environment.put("AWS_SESSION_TOKEN", token);
    return new Clients(environment, settings(client, attempt), log);
  }

  static StoreSettings settings(Client client, Duration attempt) {
    return StoreSettings.from(
        new Settings(
            Map.of(
                "PILOTLIGHT_STORE_ATTEMPT_MS",
                Long.toString(attempt.toMillis()),
                "PILOTLIGHT_DYNAMODB_CLIENT",
                client == Client.SDK ? "sdk" : "direct")));
  }
}

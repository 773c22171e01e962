package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// `pilotlight usage` on rows as the function writes them.
@Timeout(60)
final class UsageIT extends TestClients {
  private final YearMonth month = YearMonth.now(ZoneOffset.UTC);

  private String adasKey = "";

  @BeforeEach
  void use() {
    run("tenants", "create", "ada");
    run("tenants", "create", "bob");
    adasKey = json(run("keys", "create", "ada", "--json", "--name", "=cmd")).get("id").asText();
    row("ada", month + "-01", adasKey, "m#1", 3, 0.000000002);
    row("ada", month + "-28", adasKey, "m#1", 4, 0.1);
    row("ada", month + "-28", adasKey, "n", 5, 0.2);
    row("bob", month + "-02", "AAAAAAAA", "m#1", 7, 1.5);
    row("bob", month.plusMonths(1) + "-01", "AAAAAAAA", "m#1", 100, 100);
    row("ada", month.minusMonths(1) + "-28", adasKey, "m#1", 100, 100);
  }

  @Test
  void csvIsAnInvoiceWithSums() {
    TestRun run = run("usage", "--month", month.toString(), "--csv");

    assertThat(run)
        .isEqualTo(
            new TestRun(
                0,
                """
                tenant,key,key_name,model,requests,items,tokens,hits_memory,hits_redis,hits_store,\
                computed,usd
                ada,%1$s,'=cmd,m#1,7,14,70,0,0,7,7,0.100000002
                ada,%1$s,'=cmd,n,5,10,50,0,0,5,5,0.200000000
                ada,sum,,,12,24,120,0,0,12,12,0.300000002
                bob,AAAAAAAA,,m#1,7,14,70,0,0,7,7,1.500000000
                bob,sum,,,7,14,70,0,0,7,7,1.500000000
                total,sum,,,19,38,190,0,0,19,19,1.800000002
                """
                    .formatted(adasKey)
                    .replace("\n", "\r\n"),
                ""));
  }

  @Test
  void jsonHasTheSameNumbers() {
    JsonNode json = json(run("usage", "--month", month.toString(), "--json"));

    assertThat(json.get("month").asText()).isEqualTo(month.toString());
    assertThat(json.get("lines")).hasSize(3);
    assertThat(json.at("/lines/0/key_name").asText()).isEqualTo("=cmd");
    assertThat(json.at("/tenants/0/tokens").asInt()).isEqualTo(120);
    assertThat(json.at("/total/usd").decimalValue().toPlainString()).isEqualTo("1.800000002");
  }

  @Test
  void oneTenantOnly() {
    assertThat(run("usage", "--month", month.toString(), "--csv", "--tenant", "bob").out().lines())
        .hasSize(4)
        .last()
        .asString()
        .startsWith("total,sum,,,7,");
    assertThat(run("usage", "--month", month.toString()).out().lines())
        .hasSize(7)
        .last()
        .asString()
        .startsWith("total ")
        .endsWith(" 1.800000002");
  }

  @Test
  void unknownTenantIsRefusedAndOneWithoutUseHasATotal() {
    assertThat(run("usage", "--month", month.toString(), "--csv", "--tenant", "adda"))
        .isEqualTo(new TestRun(1, "", "pilotlight: there is no tenant adda\n"));
    assertThat(
            run("usage", "--month", month.minusMonths(3).toString(), "--csv", "--tenant", "ada")
                .exitCode())
        .isZero();
  }

  @Test
  void monthWithoutUseHasOnlyTheTotal() {
    assertThat(run("usage", "--month", month.minusMonths(3).toString(), "--csv").out().lines())
        .hasSize(2)
        .last()
        .isEqualTo("total,sum,,,0,0,0,0,0,0,0,0.000000000");
  }

  @Test
  void monthThatIsNoLongerKeptIsRefused() {
    TestRun run = run("usage", "--month", month.minusMonths(14).toString(), "--csv");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("usage is kept for 400 days; accepted: from 20");
    assertThat(run("usage", "--month", month.minusMonths(12).toString(), "--csv").exitCode())
        .isZero();
  }

  private static void row(String tenant, String day, String key, String model, int n, double usd) {
    Map<String, AttributeValue> row = new HashMap<>();
    row.put("pk", fromS("counts#" + tenant));
    row.put("sk", fromS("usage#" + day + "#" + key + "#" + model));
    row.put("requests", number(n));
    row.put("items", number(2L * n));
    row.put("tokens", number(10L * n));
    row.put("hits_store", number(n));
    row.put("computed", number(n));
    row.put("usd_nano", number(Math.round(usd * 1e9)));
    put(CLIENTS, row);
    String month = "usage#" + day.substring(0, "yyyy-mm".length());
    put(CLIENTS, Map.of("pk", fromS(month), "sk", fromS(tenant)));
  }

  private static AttributeValue number(long value) {
    return fromN(Long.toString(value));
  }
}

package dev.pilotlight.cli.audit.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.use.Utilisation.Advice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Exports of use and of recommendations.
final class UtilisationFileTest {
  @TempDir private Path folder;

  private Utilisation read(String text) throws IOException {
    return UtilisationFile.read(Files.writeString(folder.resolve("export.csv"), text));
  }

  private static Utilisation.Cpu cpu(Utilisation use, String name) {
    return Objects.requireNonNull(use.cpu().get(name));
  }

  @Test
  void computeOptimizersExportHasTheHighestUse() throws IOException {
    Utilisation use =
        read(
            """
            accountId,instanceArn,instanceName,utilizationMetrics_CPU_MAXIMUM,recommendations_count
            1,arn:aws:ec2:us-east-1:1:instance/i-1,"a, b",91.5,3
            1,arn:aws:ec2:us-east-1:1:instance/i-2,,,0
            """);
    assertThat(cpu(use, "arn:aws:ec2:us-east-1:1:instance/i-1").maximum()).hasValue(91.5);
    assertThat(cpu(use, "arn:aws:ec2:us-east-1:1:instance/i-1").average()).isEmpty();
    assertThat(cpu(use, "arn:aws:ec2:us-east-1:1:instance/i-2").maximum()).isEmpty();
  }

  @Test
  void theCsvThatCloudWatchsConsoleDownloadsIsRefusedWithTheWayToTheTable() {
    assertThatThrownBy(() -> read("Full label,i-1 CPUUtilization\n2026/10/01 00:00:00,23\n"))
        .isInstanceOf(BillException.class)
        .hasMessageContaining("line 1: these columns are not known")
        .hasMessageContaining("CloudWatch's console downloads has times in place of resources");
  }

  @Test
  void aTableOfAveragesIsReadAndAByteOrderMarkSkipped() throws IOException {
    Utilisation use = read("\uFEFFresource_id,average\ni-1,23\n");
    assertThat(cpu(use, "i-1").average()).hasValue(23.0);
  }

  @Test
  void theHubsRecommendationsKeepItsWords() throws IOException {
    Utilisation use =
        read(
            """
            account_id,action_type,current_resource_type,current_resource_summary,resource_arn,\
            estimated_monthly_savings_before_discount,estimated_monthly_savings_after_discount,\
            implementation_effort,restart_needed,rollback_possible
            1,Delete,EbsVolume,gp2 500 GB,arn:aws:ec2:us-east-1:1:volume/vol-1,50,42.5,\
            VeryLow,false,true
            1,Rightsize,Ec2Instance,m5.2xlarge,arn:aws:ec2:us-east-1:1:instance/i-1,90,,\
            Medium,true,true
            """);
    assertThat(use.advice()).extracting(Advice::id).containsExactly("vol-1", "i-1");
    Advice delete = use.advice().getFirst();
    assertThat(delete.idle()).isTrue();
    assertThat(delete.saving().orElseThrow()).isEqualByComparingTo("42.5");
    assertThat(delete.effort()).isEqualTo("VeryLow");
    assertThat(delete.line()).isEqualTo(2);
    assertThat(use.advice().getLast().idle()).isFalse();
    assertThat(use.advice().getLast().restart()).isTrue();
    assertThat(use.advice().getLast().saving()).isEqualTo(Optional.empty());
  }

  @Test
  void rowsWithoutAResourceAndValuesThatAreNoneAreCounted() throws IOException {
    Utilisation table = read("resource_id,average\ni-1,None\ni-2,23\n");
    assertThat(cpu(table, "i-1").average()).isEmpty();
    assertThat(table.notes()).singleElement().asString().contains("None count as unknown: 1.");

    Utilisation hub =
        read(
            """
            action_type,resource_arn,resource_id,currency_code,estimated_monthly_savings
            PurchaseSavingsPlans,,,USD,3000
            Stop,,i-1,EUR,10
            """);
    assertThat(hub.advice()).extracting(Advice::resource).containsExactly("i-1");
    assertThat(hub.advice().getFirst().currency()).isEqualTo("EUR");
    assertThat(hub.notes()).singleElement().asString().contains("are left out: 1.");
    assertThat(read("action_type,resource_arn\n").hub()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is empty; accepted: an export of Compute Optimizer",
        "a,b\\n1,2 | line 1: these columns are not known; accepted",
        "resource_id,average\\ni-1,23 % | line 2, column 2 is '23 %'; accepted: a number",
        "resource_id,average\\ni-1,1\\ni-1,2 | line 3, column 1 is 'i-1'; accepted: one row",
        "resource_id,average\\ni-1,101 | line 2, column 2 is '101'; accepted: a percentage"
      })
  void wrongExportsAreRefusedWithTheirLine(String text, String message) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
        .isInstanceOf(BillException.class)
        .hasMessageContaining("export.csv")
        .hasMessageContaining(message);
  }

  @Test
  void anAbsentFileIsRefused() {
    assertThatThrownBy(() -> UtilisationFile.read(folder.resolve("none.csv")))
        .isInstanceOf(BillException.class)
        .hasMessageContaining("none.csv cannot be read");
  }
}

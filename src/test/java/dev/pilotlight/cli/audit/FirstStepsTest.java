package dev.pilotlight.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.audit.report.Contents;
import dev.pilotlight.cli.audit.report.Document;
import dev.pilotlight.cli.audit.report.Document.Cell;
import dev.pilotlight.cli.audit.report.Document.Section;
import dev.pilotlight.cli.audit.report.Document.Table;
import dev.pilotlight.cli.audit.report.Document.Text;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.Utilisation.Advice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The steps that a report names first are rows of its plan.
final class FirstStepsTest {
  private static final Optional<BigDecimal> N = Optional.of(BigDecimal.valueOf(340_000));

  private static Section plan(Document document) {
    return document.sections().stream()
        .filter(section -> section.id().equals("plan"))
        .findFirst()
        .orElseThrow();
  }

  private static List<List<Cell>> rows(Document document) {
    return plan(document).blocks().stream()
        .filter(Table.class::isInstance)
        .map(Table.class::cast)
        .findFirst()
        .orElseThrow()
        .rows();
  }

  private static TestBill machines() {
    TestBill bill = new TestBill();
    for (int i = 0; i < 3; i++) {
      bill.machine("i-" + i, "m5.2xlarge", TestBill.HOURS, "285.696");
    }
    return bill;
  }

  @Test
  void aFirstStepIsARowOfAPlanThatIsTooLongToShow() {
    TestBill bill = machines();
    List<Advice> advice = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      String id = "d-" + i;
      bill.charge("AmazonRDS", "InstanceUsage:db.t3.micro", id, 744, "5");
      Optional<BigDecimal> saving = Optional.of(BigDecimal.ONE);
      advice.add(new Advice("Stop", "", id, "", saving, "USD", "Low", true, true, "hub.csv", i));
    }
    Utilisation use = new Utilisation(Map.of(), advice, true, List.of(), List.of());
    Audit audit = bill.audit(use, TestBill.assumptions(N));
    Document document = Contents.of(audit);

    int step = audit.plan().stream().map(Step::title).toList().indexOf(move()) + 1;
    assertThat(step).isGreaterThan(70);
    assertThat(document.first().getFirst()).startsWith(move()).contains("(step " + step + ")");
    List<List<Cell>> rows = rows(document);
    assertThat(rows).hasSize(61);
    assertThat(rows.getLast().getFirst().text()).isEqualTo(Integer.toString(step));
    assertThat(rows.getLast().get(2).text()).isEqualTo(move());
    assertThat(plan(document).blocks())
        .contains(
            new Text(
                false,
                List.of("%d more steps are in the JSON.".formatted(audit.plan().size() - 61))));
  }

  @Test
  void equalStepsHaveTheirOwnNumbers() {
    TestBill bill = machines().region("us-west-2");
    for (int i = 3; i < 6; i++) {
      bill.machine("i-" + i, "m5.2xlarge", TestBill.HOURS, "285.696");
    }
    Assumptions stated =
        TestBill.assumptions(Optional.empty(), Map.of("m5.2xlarge", N.orElseThrow()));
    Document document = Contents.of(bill.audit(Utilisation.NONE, stated));

    List<String> moves =
        rows(document).stream()
            .filter(row -> row.get(2).text().equals(move()))
            .map(row -> "(step " + row.getFirst().text() + ")")
            .toList();
    assertThat(moves).hasSize(2);
    assertThat(document.first().get(0)).contains(moves.getFirst());
    assertThat(document.first().get(1)).contains(moves.getLast());
  }

  private static String move() {
    return "Move inference from 3 × m5.2xlarge to Pilotlight";
  }
}

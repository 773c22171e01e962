package dev.pilotlight.cli.audit.bill.line;

import dev.pilotlight.cli.audit.bill.Total;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects what the report must show: sentences, and lines that are counted together.
public final class Notes {
  private final List<String> sentences = new ArrayList<>();
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private boolean beforeDiscounts;

  private static final class Group {
    private final String first;
    private final Total sum = new Total();
    private long lines;
    private boolean hasSum;

    private Group(String first) {
      this.first = first;
    }
  }

  public void add(String sentence) {
    if (!sentences.contains(sentence)) {
      sentences.add(sentence);
    }
  }

  /// Counts a line.
  ///
  /// @param about such as `operation EKSPod-EC2: left out, because …`
  public void count(String about, Cells cells) {
    group(about, cells).lines++;
  }

  /// Counts a line and sums its amount.
  public void count(String about, Cells cells, long amount) {
    Group group = group(about, cells);
    group.lines++;
    group.hasSum = true;
    group.sum.add(amount);
  }

  /// Counts a line whose cost does not include its discount, and sums the discount.
  public void countDiscount(String about, Cells cells, long amount) {
    beforeDiscounts = true;
    count(about, cells, amount);
  }

  /// Whether any line has a discount that its cost does not include.
  public boolean isBeforeDiscounts() {
    return beforeDiscounts;
  }

  private Group group(String about, Cells cells) {
    Group group = groups.get(about);
    if (group == null) {
      group = new Group(cells.file().at(cells.line()));
      groups.put(about, group);
    }
    return group;
  }

  public List<String> sentences(String currency) {
    List<String> all = new ArrayList<>(sentences);
    groups.forEach(
        (about, group) -> {
          String lines = group.lines == 1 ? "1 line" : group.lines + " lines";
          String sum =
              group.hasSum
                  ? ", " + group.sum.value().stripTrailingZeros().toPlainString() + " " + currency
                  : "";
          all.add(about + " (" + lines + sum + ", first at " + group.first + ")");
        });
    return List.copyOf(all);
  }
}

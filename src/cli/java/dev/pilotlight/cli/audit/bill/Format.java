package dev.pilotlight.cli.audit.bill;

/// The export format of a bill.
public enum Format {
  LEGACY_CUR("Cost and Usage Report"),
  CUR_2("CUR 2.0"),
  FOCUS("FOCUS"),
  /// Services only: no account, resource, usage type or line type.
  COST_EXPLORER("Cost Explorer");

  private final String title;

  Format(String title) {
    this.title = title;
  }

  /// The name that a reader of bills uses.
  public String title() {
    return title;
  }
}

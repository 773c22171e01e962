package dev.pilotlight.costs;

/// How a stack is deployed.
///
/// @param provisioned whether environments are kept running, between the template's bounds
/// @param cache whether there is a Valkey
record Variant(String name, boolean provisioned, boolean cache) {
  static final Variant STANDARD = new Variant("the defaults", true, true);
  static final Variant ON_DEMAND = new Variant("`StartMode=on-demand`", false, true);
  static final Variant UNCACHED = new Variant("`Cache=none`", true, false);
  static final Variant LEAST = new Variant("both", false, false);
}

package dev.pilotlight.costs;

/// How a stack is deployed.
///
/// @param provisioned whether environments are kept running, between the template's bounds
/// @param cache whether there is a Valkey
record Variant(String name, boolean provisioned, boolean cache) {
  static final Variant STANDARD = new Variant("the defaults", false, true);
  static final Variant PROVISIONED = new Variant("`StartMode=provisioned`", true, true);
  static final Variant UNCACHED = new Variant("`Cache=none`", false, false);
  static final Variant BOTH = new Variant("both", true, false);
}

package dev.pilotlight.costs;

/// How a stack is deployed.
///
/// @param provisioned whether environments are kept running, between the template's bounds
/// @param cache whether there is a Valkey
/// @param api whether requests arrive by an HTTP API, or else by a function URL
record Variant(String name, boolean provisioned, boolean cache, boolean api) {
  static final Variant STANDARD = new Variant("the defaults", false, true, true);
  static final Variant PROVISIONED = new Variant("`StartMode=provisioned`", true, true, true);
  static final Variant URL = new Variant("and `Door=url`", true, true, false);
  static final Variant UNCACHED = new Variant("`Cache=none`", false, false, true);
  static final Variant BOTH = new Variant("both", true, false, true);
}

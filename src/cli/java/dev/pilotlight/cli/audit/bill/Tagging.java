package dev.pilotlight.cli.audit.bill;

/// Whether a charge has a cost allocation tag of the user's.
public enum Tagging {
  TAGGED,
  UNTAGGED,
  /// The bill has no column of tags.
  UNKNOWN
}

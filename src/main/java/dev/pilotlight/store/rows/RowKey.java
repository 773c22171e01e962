package dev.pilotlight.store.rows;

/// The key of a row.
///
/// @param pk the partition key
/// @param sk the sort key
public record RowKey(String pk, String sk) {
  public static final String PK = "pk";
  public static final String SK = "sk";
}

package dev.pilotlight.cli.audit.score;

import java.util.Optional;

/// The measures that the criteria of the score grade. Empty is what the data cannot say.
///
/// @param use the average use of always-on compute in percent
/// @param useMaximum the average of the highest uses in percent, an upper bound of `use`
/// @param byUse the share of compute cost that is billed by use
/// @param coverage the share of steady machines' hours that commitments cover
/// @param commitmentUse the share of commitments' cost that was used; 1 without commitments
/// @param gp3 whether gp3 is at least as large as gp2
/// @param tiered whether each bucket over 1 TB is mostly in Intelligent-Tiering or a colder class
/// @param idle the share of the cost that the export calls idle
/// @param transfer the share of transfer and NAT in the cost
/// @param growth over the average of the three months before
/// @param tagged the share of the cost with a tag
/// @param budgets whether a budget or anomaly detection exists
public record Signals(
    Optional<Double> use,
    Optional<Double> useMaximum,
    Optional<Double> byUse,
    Optional<Double> coverage,
    double commitmentUse,
    Optional<Boolean> gp3,
    Optional<Boolean> tiered,
    Optional<Double> idle,
    Optional<Double> transfer,
    Optional<Double> growth,
    Optional<Double> tagged,
    Optional<Boolean> budgets) {}

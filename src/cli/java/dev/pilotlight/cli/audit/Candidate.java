package dev.pilotlight.cli.audit;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// Machines that might become a function.
///
/// @param reasons for it
/// @param against it; each must be answered before the move
/// @param fits whether nothing of `against` rules it out
/// @param movable the cost that ends with the machines: on demand, of those always on
/// @param requests inferences a month, if stated
/// @param here the cost of these inferences on Pilotlight, in the bill's currency
/// @param fixed the part of this cost that is due from the first inference on; empty if the rate is
///   unknown
/// @param breakEven inferences a month up to which Pilotlight costs no more than `movable`; empty
///   if its idle cost is higher, or the currency's rate is unknown
/// @param saving a month; empty unless the candidate fits and the requests are stated
public record Candidate(
    Fleet fleet,
    List<String> reasons,
    List<String> against,
    boolean fits,
    BigDecimal movable,
    Optional<BigDecimal> requests,
    Optional<BigDecimal> here,
    Optional<BigDecimal> fixed,
    Optional<Long> breakEven,
    Optional<BigDecimal> saving) {}

package dev.pilotlight.cli.audit;

import java.math.BigDecimal;

/// A sum of a month with its source.
///
/// @param cost in the bill's currency, amortised, exact
/// @param quantity in the unit of its lines
public record Amount(BigDecimal cost, double quantity, Source source) {}

package dev.pilotlight.cli.audit;

import java.math.BigDecimal;
import java.util.Optional;

/// A step of the plan.
///
/// @param days by when: 30, 90 or 180
/// @param saving a month, net; empty if the data do not support one
/// @param effort in the words of Cost Optimization Hub: VeryLow, Low, Medium, High, VeryHigh
/// @param risk what can go wrong, in a few words
/// @param why the finding that it follows from
/// @param condition without which the saving does not hold, beginning with `if`; may be empty
/// @param command to type, with words in capitals to be replaced
public record Step(
    int days,
    String title,
    Optional<BigDecimal> saving,
    String effort,
    String risk,
    String why,
    String command,
    String condition) {}

/// `pilotlight audit`: sums, findings, score and plan from the charges of a bill.
@NullMarked
package dev.pilotlight.cli.audit;

import org.jspecify.annotations.NullMarked;

/// The lines of each format, and the rules that turn them into amortised charges.
@NullMarked
package dev.pilotlight.cli.audit.bill.line;

import org.jspecify.annotations.NullMarked;

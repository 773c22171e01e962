/// Reads AWS bills of every export format into one stream of amortised [Charge]s.
@NullMarked
package dev.pilotlight.cli.audit.bill;

import org.jspecify.annotations.NullMarked;

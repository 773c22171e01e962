/// Rows of the report, and the machine that they were measured on.
@NullMarked
package dev.pilotlight.bench.report;

import org.jspecify.annotations.NullMarked;

/// The cost of a month: the table of terms `terms.json`, and its formulas.
@NullMarked
package dev.pilotlight.cli.cost;

import org.jspecify.annotations.NullMarked;

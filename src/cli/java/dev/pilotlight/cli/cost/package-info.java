/// What a month costs: the table of terms `terms.json`, and its formulas.
@NullMarked
package dev.pilotlight.cli.cost;

import org.jspecify.annotations.NullMarked;

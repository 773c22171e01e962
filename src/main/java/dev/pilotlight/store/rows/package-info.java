/// Rows of any table: attributes by name, for the tables that hold no results.
@NullMarked
package dev.pilotlight.store.rows;

import org.jspecify.annotations.NullMarked;

/// Model folders that people really have, and what the function must answer for each.
@NullMarked
package dev.pilotlight.compatibility;

import org.jspecify.annotations.NullMarked;

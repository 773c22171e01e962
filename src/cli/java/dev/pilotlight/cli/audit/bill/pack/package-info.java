/// Unpacks files without losing bytes silently.
@NullMarked
package dev.pilotlight.cli.audit.bill.pack;

import org.jspecify.annotations.NullMarked;

/// Reads files: CSV by FastCSV, Parquet by Hardwood.
@NullMarked
package dev.pilotlight.cli.audit.bill.read;

import org.jspecify.annotations.NullMarked;

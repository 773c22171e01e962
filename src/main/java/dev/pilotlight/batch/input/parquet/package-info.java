/// Reads Parquet files with flat columns, page by page.
@NullMarked
package dev.pilotlight.batch.input.parquet;

import org.jspecify.annotations.NullMarked;

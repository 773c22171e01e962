/// Parquet files of flat columns, read page by page.
@NullMarked
package dev.pilotlight.batch.input.parquet;

import org.jspecify.annotations.NullMarked;

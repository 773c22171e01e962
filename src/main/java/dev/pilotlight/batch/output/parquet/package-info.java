/// Makes a Parquet file of a batch's answers.
@NullMarked
package dev.pilotlight.batch.output.parquet;

import org.jspecify.annotations.NullMarked;

/// Decompresses Zstandard (RFC 8878), without dictionaries.
@NullMarked
package dev.pilotlight.batch.input.parquet.zstd;

import org.jspecify.annotations.NullMarked;

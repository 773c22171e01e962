/// The S3 server, on a directory or in memory.
@NullMarked
package dev.pilotlight.local.s3;

import org.jspecify.annotations.NullMarked;

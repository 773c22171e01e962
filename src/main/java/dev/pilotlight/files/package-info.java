/// Files of OpenAI's files API: their rows in the table of results, and their bytes in S3. Loads
/// with the first request for a file.
@NullMarked
package dev.pilotlight.files;

import org.jspecify.annotations.NullMarked;

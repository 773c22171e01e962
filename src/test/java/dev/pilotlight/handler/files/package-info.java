/// OpenAI's files and uploads, by the whole function over real tables and buckets.
@NullMarked
package dev.pilotlight.handler.files;

import org.jspecify.annotations.NullMarked;

/// Requests of OpenAI's files and uploads.
@NullMarked
package dev.pilotlight.protocol.files;

import org.jspecify.annotations.NullMarked;

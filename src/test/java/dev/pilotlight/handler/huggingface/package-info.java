/// Hugging Face's inference API, through the whole function.
@NullMarked
package dev.pilotlight.handler.huggingface;

import org.jspecify.annotations.NullMarked;

/// The forms of Hugging Face's inference API and of its containers on SageMaker.
@NullMarked
package dev.pilotlight.protocol.huggingface;

import org.jspecify.annotations.NullMarked;

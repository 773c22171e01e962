/// The routes that rank documents by a query: one answer that the clients of Cohere, Jina,
/// Together, Voyage, Mixedbread and vLLM read, and TEI's.
@NullMarked
package dev.pilotlight.protocol.rerank;

import org.jspecify.annotations.NullMarked;

package dev.pilotlight.protocol.ollama;

import java.util.List;

/// The options of Ollama's requests. All but `num_ctx` are about generating text, or about memory
/// and threads, so they change no embedding.
///
/// Source: `Options` and `Runner` in <https://github.com/ollama/ollama/blob/main/api/types.go>,
/// with those of earlier releases, which clients still send
final class OllamaOptions {
  static final List<String> KNOWN =
      List.of(
          "num_ctx",
          "num_batch",
          "num_gpu",
          "main_gpu",
          "num_thread",
          "numa",
          "use_mmap",
          "use_mlock",
          "low_vram",
          "f16_kv",
          "logits_all",
          "vocab_only",
          "draft_num_predict",
          "num_keep",
          "num_predict",
          "seed",
          "stop",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "tfs_z",
          "typical_p",
          "repeat_last_n",
          "repeat_penalty",
          "presence_penalty",
          "frequency_penalty",
          "penalize_newline",
          "mirostat",
          "mirostat_tau",
          "mirostat_eta");

  private OllamaOptions() {}
}

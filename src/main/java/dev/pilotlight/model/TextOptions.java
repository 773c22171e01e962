package dev.pilotlight.model;

/// How texts become tokens, besides what `tokenizer.json` says.
///
/// @param tokensMax special tokens included
/// @param lowersCase whether texts are put into lower case first
/// @param keepsEnd whether truncation drops the beginning of a text instead of its end
record TextOptions(int tokensMax, boolean lowersCase, boolean keepsEnd) {}

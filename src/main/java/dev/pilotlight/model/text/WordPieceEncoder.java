package dev.pilotlight.model.text;

import dev.pilotlight.wordpiece.WordPiece;

/// For tokenizers of BERT's kind: loads in a fraction of the library's time.
record WordPieceEncoder(WordPiece wordPiece) implements TextEncoder {
  @Override
  public TokenIds encode(String text) {
    long[] ids = wordPiece.ids(text);
    return new TokenIds(ids, wordPiece.typeIds(ids.length));
  }

  @Override
  public int before() {
    return wordPiece.before();
  }

  @Override
  public int after() {
    return wordPiece.after();
  }

  /// Does nothing: all of it is on the heap.
  @Override
  public void close() {}
}

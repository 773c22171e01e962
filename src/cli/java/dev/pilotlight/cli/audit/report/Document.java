package dev.pilotlight.cli.audit.report;

import java.util.List;

/// The content of a report, without its form: every form shows all of it, in this order.
///
/// @param title such as `AWS bill of 2026-10`
/// @param subtitle the files and their lines
/// @param figures the few numbers at the top
/// @param first the lines of the box that a reader sees first: what to do
/// @param sections the rest
public record Document(
    String title,
    String subtitle,
    List<Figure> figures,
    List<String> first,
    List<Section> sections) {

  /// One number at the top.
  ///
  /// @param note a few words under the number; may be empty
  public record Figure(String label, String value, String note) {}

  /// A heading and its blocks.
  ///
  /// @param id the anchor, unique in the document
  public record Section(String id, String title, List<Block> blocks) {}

  /// A part of a section.
  public sealed interface Block permits Text, Table {}

  /// Paragraphs, or the points of a list.
  ///
  /// @param points whether each line is a point of a list
  public record Text(boolean points, List<String> lines) implements Block {}

  /// Rows under a header.
  ///
  /// @param caption a sentence for who cannot see the table's place
  public record Table(String caption, List<Column> columns, List<List<Cell>> rows)
      implements Block {}

  /// A column.
  ///
  /// @param number whether its cells are aligned at the right
  public record Column(String name, boolean number) {}

  /// A cell.
  ///
  /// @param share from 0 to 1, which a form may draw as a bar; negative for none
  /// @param code whether the text is to be typed as it is
  public record Cell(String text, double share, boolean code) {
    static Cell of(String text) {
      return new Cell(text, -1, false);
    }

    static Cell code(String text) {
      return new Cell(text, -1, true);
    }

    static Cell bar(String text, double share) {
      return new Cell(text, Math.clamp(share, 0, 1), false);
    }
  }
}

package dev.pilotlight.cli.quantize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The texts on which a quantised model is compared with its original.
public final class SampleTexts {
  private static final int TEXTS_MIN = 3;
  private static final int TEXTS_MAX = 1000;

  /// Fewer scores may have the right order by chance.
  public static final int RANKED_MIN = 10;

  /// Questions, answers to them, opinions, a few other languages and longer paragraphs, so that
  /// some pairs are close and most are not.
  public static final List<String> ALL =
      """
      How do I reset my password?
      I forgot my password and cannot log in.
      Click on the link in the e-mail to choose a new password.
      Where is my order? It should have arrived on Tuesday.
      The parcel was handed to the courier and will be delivered tomorrow.
      Can I return shoes that I have worn once?
      Returns are free within thirty days if the product is unused.
      The capital of France is Paris.
      Paris has about two million inhabitants.
      Which city is the seat of the French government?
      The mitochondrion is the powerhouse of the cell.
      Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.
      Plants need sunlight to grow.
      The patient reports chest pain and shortness of breath.
      Take one tablet after meals, twice a day, for a week.
      This film is a masterpiece, I would watch it again tomorrow.
      A boring story with terrible actors; I left after twenty minutes.
      The food was fine, but the waiter ignored us for half an hour.
      Best hotel we have ever stayed in!
      The battery lasts two days and the screen is bright.
      It broke after a week and support never answered.
      The central bank raised interest rates by a quarter of a percentage point.
      Shares fell sharply after the company lowered its forecast.
      Inflation slowed in October, helped by cheaper petrol.
      The home team won in extra time after a goal by the substitute.
      She ran the marathon in two hours and forty minutes.
      def add(a, b): return a + b
      SELECT name, price FROM products WHERE stock > 0 ORDER BY price;
      A function that returns the sum of its two arguments.
      NullPointerException at line 42 while the request was handled.
      Restart the service and look at the log.
      Wie setze ich mein Passwort zurück?
      ¿Dónde está mi pedido?
      Le chat dort sur le canapé.
      The cat sleeps on the sofa.
      東京は日本の首都です。
      A dog chases a ball in the park.
      Two children are playing football on the beach.
      Nobody is outside because of the storm.
      Heavy rain and strong winds are expected in the north tonight.
      Preheat the oven to 200 degrees and bake the bread for forty minutes.
      Chop the onions, fry them in butter, then add rice and stock.
      The contract ends on 31 December unless it is renewed in writing.
      The tenant must pay the rent on the third working day of each month.
      OK
      1234567890
      The train to the airport leaves every fifteen minutes from platform four. The journey takes \
      twenty-five minutes, and a ticket costs eleven euros if it is bought from the machine, or \
      twelve on the train. Children under six travel free, and bicycles need a separate ticket \
      except at weekends.
      When the first settlers reached the valley they found a river full of fish, meadows that \
      were flooded every spring, and forests that stretched to the mountains. They built their \
      houses of timber, and later of stone. Within a century the village had become a market \
      town, with a bridge, a school, two mills and a weekly fair to which farmers came from far \
      away. The railway arrived late, and with it the first factory, which made paper from the \
      wood of the forests.
      """
          .lines()
          .toList();

  private SampleTexts() {}

  /// Reads a file with one text a line; empty lines do not count.
  ///
  /// @throws IllegalArgumentException with the reason, if it cannot be read, or has too few or too
  ///   many texts
  public static List<String> read(Path file) {
    List<String> texts;
    try (Stream<String> lines = Files.lines(file)) {
      texts = lines.filter(line -> !line.isBlank()).limit(TEXTS_MAX + 1L).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalArgumentException("cannot be read as UTF-8: " + e, e);
    }
    if (texts.size() < TEXTS_MIN || texts.size() > TEXTS_MAX) {
      throw new IllegalArgumentException(
          "has %s texts; accepted: %d to %d, one a line"
              .formatted(
                  texts.size() > TEXTS_MAX ? "over " + TEXTS_MAX : texts.size(),
                  TEXTS_MIN,
                  TEXTS_MAX));
    }
    return texts;
  }
}

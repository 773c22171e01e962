package dev.pilotlight.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PageTest {
  private final List<Integer> reads = new ArrayList<>();

  /// Reads ids, of which those that begin with `-` have no item any more.
  private List<String> read(List<String> ids) {
    reads.add(ids.size());
    return ids.stream().filter(id -> !id.startsWith("-")).toList();
  }

  private Page<String> first(int limit, String... ids) {
    return Page.first(List.of(ids).iterator(), limit, this::read);
  }

  @Test
  void readsOneItemMoreThanThePageHas() {
    assertThat(first(2, "a", "b", "c", "d")).isEqualTo(new Page<>(List.of("a", "b"), true));
    assertThat(reads).containsExactly(3);
  }

  @Test
  void lastPageHasNoMore() {
    assertThat(first(2, "a", "b")).isEqualTo(new Page<>(List.of("a", "b"), false));
    assertThat(first(2)).isEqualTo(new Page<>(List.of(), false));
  }

  @Test
  void readsOnWhereItemsAreGone() {
    assertThat(first(1, "-a", "-b", "c", "-d", "e")).isEqualTo(new Page<>(List.of("c"), true));
    assertThat(reads).containsExactly(2, 3);
  }

  @Test
  void repeatedIdCountsOnceAlsoInALaterRead() {
    List<String> ids = IntStream.range(0, 150).mapToObj("id-%d"::formatted).toList();
    List<String> twice = IntStream.range(0, 300).mapToObj(i -> ids.get(i % 150)).toList();
    Page<String> page = Page.first(twice.iterator(), 1_000, this::read);
    assertThat(page).isEqualTo(new Page<>(ids, false));
    assertThat(reads).containsExactly(100, 50);
  }
}

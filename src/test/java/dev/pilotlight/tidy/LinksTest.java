package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinksTest {
  @TempDir Path folder;

  @Test
  void brokenLinksNameAMissingFileOrHeading() throws IOException {
    Files.writeString(folder.resolve("here.md"), "# Part one\n");
    Path page = folder.resolve("page.md");
    Files.writeString(
        page,
        """
        ## Own part
        [a](gone.md) [b](here.md) [c](here.md#part-one) [d](here.md#part-two) [e](.)
        [f](#own-part) [g](#no-part) [h](https://example.com/x) [two
        lines](gone-too.md#x)
        ```
        [code](not-a-link.md)
        ```
        """);
    assertThat(Links.broken(page))
        .containsExactly("gone.md", "here.md#part-two", "#no-part", "gone-too.md#x");
  }

  @Test
  void anchorsAreThoseOfGitHub() {
    String markdown =
        """
        # `pilotlight.json`, 2 of_them
        ## A [link](x.md) - and (more)
        ## Again
        ### Again
        #hashtag
        ```sh
        # a comment
        ```
        """;
    assertThat(Links.anchors(markdown))
        .containsExactlyInAnyOrder(
            "pilotlightjson-2-of_them", "a-link---and-more", "again", "again-1");
  }

  @Test
  void pagesIncludeSubfolders() throws IOException {
    assertThat(Links.pages())
        .contains(Path.of("README.md"), Path.of("docs/api.md"))
        .contains(Path.of("docs/reference/settings.md"));
  }
}

package dev.pilotlight.cli.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CsvTest {
  @Test
  void fieldsAreQuotedOnlyWhereTheyMustBe() {
    assertThat(Csv.line(List.of("ada", 7L, "a \"b\"", "x,y", "two\r\nlines", "")))
        .isEqualTo("ada,7,\"a \"\"b\"\"\",\"x,y\",\"two\r\nlines\",\r\n");
  }

  @Test
  void aTextThatASpreadsheetWouldRunGetsAnApostrophe() {
    assertThat(Csv.line(List.of("=1+1", "+a", "-a", "@a", "\ta", "\ra", "a=1", "'=")))
        .isEqualTo("'=1+1,'+a,'-a,'@a,'\ta,\"'\ra\",a=1,'=\r\n");
    assertThat(Csv.line(List.of("=HYPERLINK(\"x\",1)")))
        .isEqualTo("\"'=HYPERLINK(\"\"x\"\",1)\"\r\n");
  }

  @Test
  void numbersStayNumbers() {
    assertThat(Csv.line(List.of(-1L, 0L))).isEqualTo("-1,0\r\n");
  }
}

package dev.pilotlight.batch.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewBatchTest {
  private static final String GOOD =
      "{'input_file_id':'file-1','endpoint':'/v1/embeddings','completion_window':'24h'}";

  @Test
  void allFieldsAreRead() {
    NewBatch batch =
        read(
            GOOD.replace(
                "}",
                ",'metadata':{'a':'b'},'output_expires_after':"
                    + "{'anchor':'created_at','seconds':3600}}"));
    assertThat(batch).isEqualTo(new NewBatch("file-1", "/v1/embeddings", Map.of("a", "b"), 3_600));
  }

  @Test
  void nullsAreAbsent() {
    assertThat(read(GOOD.replace("}", ",'metadata':null,'output_expires_after':null}")))
        .isEqualTo(new NewBatch("file-1", "/v1/embeddings", Map.of(), 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/embeddings", "/rerank", "/v2/models/m/infer", "/predict"})
  void inferenceRoutesAreAccepted(String endpoint) {
    assertThat(read(GOOD.replace("/v1/embeddings", endpoint)).endpoint()).isEqualTo(endpoint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          'input_file_id':'file-1'                     | 'x':1 | x
          'input_file_id':'file-1',                    | | input_file_id
          'input_file_id':'file-1'                     | 'input_file_id':7 | input_file_id
          ,'completion_window':'24h'                   | | completion_window
          'completion_window':'24h' | 'completion_window':'48h' | completion_window
          /v1/embeddings                               | /v1/chat/completions | endpoint
          /v1/embeddings                               | /v1/models | endpoint
          /v1/embeddings                               | /tokenize | endpoint
          '24h'                                        | '24h','metadata':{'a':1} | metadata
          '24h'                                        | '24h','metadata':{'':'b'} | metadata
          '24h'                                        | '24h','metadata':7 | metadata
          '24h' | '24h','output_expires_after':{'seconds':3600} | output_expires_after
          '24h' | '24h','output_expires_after':{} | output_expires_after needs anchor and seconds
          '24h' | '24h','output_expires_after':{'anchor':'created_at'} | output_expires_after
          '24h' | '24h','output_expires_after':{'anchor':'now','seconds':3600} | output_expires
          '24h' | '24h','output_expires_after':{'anchor':'created_at','seconds':1} | output_expires
          """)
  void invalidFieldIsNamed(String part, String replacement, String field) {
    String body = GOOD.replace(part, replacement == null ? "" : replacement);
    assertThat(body).isNotEqualTo(GOOD);
    Refusal refusal = refusal(body);
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(refusal.field().orElse("") + refusal.message()).contains(field);
    assertThat(refusal.message()).contains("accepted");
  }

  @Test
  void metadataHaveLimits() {
    StringBuilder pairs = new StringBuilder();
    for (int i = 0; i < 17; i++) {
      pairs.append(i == 0 ? "" : ",").append("'k").append(i).append("':''");
    }
    assertThat(refusal(withMetadata(pairs.toString())).message()).contains("more than 16 pairs");
    assertThat(read(withMetadata("'" + "k".repeat(64) + "':'" + "v".repeat(512) + "'")).metadata())
        .hasSize(1);
    assertThat(refusal(withMetadata("'" + "k".repeat(65) + "':''")).message()).contains("1 to 64");
    assertThat(refusal(withMetadata("'k':'" + "v".repeat(513) + "'")).message())
        .contains("up to 512");
  }

  private static String withMetadata(String pairs) {
    return GOOD.replace("}", ",'metadata':{" + pairs + "}}");
  }

  private static Refusal refusal(String body) {
    return catchThrowableOfType(Refusal.class, () -> read(body));
  }

  private static NewBatch read(String body) {
    byte[] utf8 = body.replace('\'', '"').getBytes(UTF_8);
    return NewBatch.read(
        new HttpRequest(
            "POST", "/v1/batches", Map.of(), Map.of(), utf8, true, Map.of(), "r", null));
  }
}

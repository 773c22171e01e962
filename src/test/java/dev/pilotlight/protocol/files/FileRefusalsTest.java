package dev.pilotlight.protocol.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FileRefusalsTest {
  private static final String FORM = "multipart/form-data; boundary=XyZ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // parts, each NAME=VALUE or NAME:FILENAME=CONTENT | the field | what the message has
        "purpose=batch | file | file is missing",
        "file:a.jsonl=x | purpose | accepted: batch",
        "purpose=fine-tune;file:a.jsonl=x | purpose | purpose is 'fine-tune'; accepted: batch",
        "purpose=assistants;file:a.jsonl=x | purpose | accepted: batch",
        "purpose=batch_output;file:a.jsonl=x | purpose | accepted: batch",
        "purpose=;file:a.jsonl=x | purpose | purpose is ''",
        "purpose=BATCH;file:a.jsonl=x | purpose | accepted: batch",
        "purpose=batch;file:a.txt=x | file | ending in .jsonl",
        "purpose=batch;file:a.jsonl.gz=x | file | ending in .jsonl",
        "purpose=batch;file:=x | file | ending in .jsonl",
        "purpose=batch;file:b/a.jsonl=x | file | without slashes",
        "purpose=batch;file:..\\\\a.jsonl=x | file | without slashes",
        "purpose=batch;file=x | file | file has no filename",
        "purpose=batch;purpose=batch;file:a.jsonl=x | purpose | occurs twice",
        "purpose=batch;file:a.jsonl=x;file:b.jsonl=y | file | occurs twice",
        "purpose=batch;file:a.jsonl=x;model=m | model | not a part that this form has",
        "purpose=batch;file:a.jsonl=x;expires_after[seconds]=3600 | expires_after | only one of",
        "purpose=batch;file:a.jsonl=x;expires_after[anchor]=created_at | expires_after | only one",
        "expires_after[anchor]=now;purpose=batch | expires_after[anchor] | accepted: created_at",
        "expires_after[seconds]=3599;purpose=batch | expires_after[seconds] | 3600 to 2592000",
        "expires_after[seconds]=2592001;purpose=batch | expires_after[seconds] | 3600 to 2592000",
        "expires_after[seconds]=1e4;purpose=batch | expires_after[seconds] | a whole number",
        "expires_after={};purpose=batch | expires_after | not a part"
      })
  void aWrongFormIsRefusedWithItsField(String parts, String field, String message) {
    requireRefused(() -> FileRequest.read(form(parts)), field, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | purpose | purpose is missing",
        "{'purpose':'batch'} | filename | filename is missing",
        "{'purpose':'batch','filename':'a.jsonl'} | bytes | bytes is missing",
        "{'purpose':'batch','filename':'a.jsonl','bytes':0} | bytes | from 1",
        "{'purpose':'batch','filename':'a.jsonl','bytes':-1} | bytes | from 1",
        "{'purpose':'batch','filename':'a.jsonl','bytes':1.5} | bytes | a whole number",
        "{'purpose':'batch','filename':'a.jsonl','bytes':'9'} | bytes | a whole number",
        "{'purpose':'batch','filename':'a.csv','bytes':9} | filename | ending in .jsonl",
        "{'purpose':'batch','filename':9} | filename | a string",
        "{'purpose':'vision','filename':'a.jsonl','bytes':9} | purpose | accepted: batch",
        "{'purpose':null,'filename':'a.jsonl','bytes':9} | purpose | null",
        "{'purpose':'batch','filename':'a.jsonl','bytes':9,'file':'x'} | file | not a known field",
        "{'purpose':'batch','mime_type':'x'} | mime_type | not a known field",
        "{'expires_after':{'seconds':3600}} | expires_after | needs anchor and seconds",
        "{'expires_after':{'anchor':'x','seconds':3600}} | expires_after.anchor | created_at",
        "{'expires_after':{'anchor':'created_at','seconds':1}} | expires_after.seconds | 3600",
        "{'expires_after':3600} | expires_after | an object",
        "[] | body | an object"
      })
  void aWrongAnnouncementIsRefusedWithItsField(String json, String field, String message) {
    requireRefused(() -> FileRequest.read(json(json)), field, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | part_ids | missing or empty",
        "{'part_ids':[]} | part_ids | missing or empty",
        "{'part_ids':'a'} | part_ids | an array",
        "{'part_ids':[1]} | part_ids[0] | the id of a part",
        "{'part_ids':['']} | part_ids[0] | is empty",
        "{'part_ids':['a','b','c']} | part_ids | up to 2",
        "{'part_ids':['a'],'md5':'x'} | md5 | 32 hexadecimal digits",
        "{'part_ids':['a'],'md5':1} | md5 | a string",
        "{'part_ids':['a'],'parts':1} | parts | not a known field"
      })
  void aWrongCompletionIsRefusedWithItsField(String json, String field, String message) {
    requireRefused(() -> CompleteRequest.read(json(json), 2), field, message);
  }

  @ParameterizedTest
  @CsvSource({
    "limit, 0, 1 to 10000",
    "limit, 10001, 1 to 10000",
    "limit, x, a whole number",
    "order, up, 'asc, desc'",
    "purpose, fine-tune, batch",
    "before, file-1, 'after, limit, purpose, order'"
  })
  void aWrongQueryIsRefusedWithItsParameter(String name, String value, String message) {
    requireRefused(
        () -> FileQuery.of(request("GET", "", "", Map.of(name, value)), Set.of("batch")),
        name,
        message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file=x", "data=x;data=y", "data=x;purpose=batch"})
  void aPartIsTheFieldDataAlone(String parts) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> PartRequest.read(form(parts)));
    assertThat(refusal.message()).contains("accepted: one part, data");
  }

  @Test
  void otherMediaTypesAreRefused() {
    HttpRequest text = request("POST", "text/plain", "x", Map.of());
    HttpRequest json = json("{}");
    for (ThrowingCallable call :
        new ThrowingCallable[] {
          () -> FileRequest.read(text),
          () -> FileRequest.readUpload(form("purpose=batch")),
          () -> PartRequest.read(json),
          () -> CompleteRequest.read(text, 2)
        }) {
      Refusal refusal = catchThrowableOfType(Refusal.class, call);
      assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_MEDIA_TYPE);
    }
  }

  @Test
  void aFormIsReadWithItsExpiry() {
    FileRequest read =
        FileRequest.read(
            form(
                "expires_after[anchor]=created_at;expires_after[seconds]=3600;"
                    + "file:ü 1.JSONL=x;purpose=batch"));
    assertThat(read.filename()).isEqualTo("ü 1.JSONL");
    assertThat(read.expiresSeconds()).isEqualTo(3600);
    assertThat(read.bytes()).isEqualTo(1);
    assertThat(read.data()).containsExactly('x');
  }

  private static void requireRefused(ThrowingCallable call, String field, String message) {
    Refusal refusal = catchThrowableOfType(Refusal.class, call);
    assertThat(refusal.field()).contains(field);
    assertThat(refusal.message()).contains(message);
  }

  /// A form of parts: `name=value` or `name:filename=content`, with semicolons between.
  private static HttpRequest form(String parts) {
    StringBuilder body = new StringBuilder();
    for (String part : parts.split(";", -1)) {
      int equals = part.indexOf('=');
      String head = part.substring(0, equals);
      int colon = head.indexOf(':');
      String name = colon < 0 ? head : head.substring(0, colon);
      body.append("--XyZ\r\nContent-Disposition: form-data; name=\"").append(name).append('"');
      if (colon >= 0) {
        body.append("; filename=\"").append(head.substring(colon + 1)).append('"');
      }
      body.append("\r\n\r\n").append(part.substring(equals + 1)).append("\r\n");
    }
    return request("POST", FORM, body.append("--XyZ--\r\n").toString(), Map.of());
  }

  private static HttpRequest json(String json) {
    return request("POST", "application/json", json.replace('\'', '"'), Map.of());
  }

  private static HttpRequest request(
      String method, String type, String body, Map<String, String> query) {
    return new HttpRequest(
        method,
        "/v1/files",
        query,
        type.isEmpty() ? Map.of() : Map.of("content-type", type),
        body.getBytes(StandardCharsets.UTF_8),
        false,
        Map.of(),
        "r",
        null);
  }
}

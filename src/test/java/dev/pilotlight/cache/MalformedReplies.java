package dev.pilotlight.cache;

import dev.pilotlight.cache.FakeRedis.Then;
import java.util.ArrayList;
import java.util.List;

/// Replies to a look-up of two keys, or to another command, that Redis should never give.
enum MalformedReplies {
  HUGE_STRING("$2147483647\r\n"),
  HUGE_ARRAY("*1000000000\r\n"),
  HUGE_STRING_IN_ARRAY("*2\r\n$2147483647\r\nabc"),
  LARGEST_STRING_THAT_NEVER_COMES("*2\r\n$536870912\r\nabc", Then.CLOSE),
  STRING_OVER_REDIS_LIMIT("*2\r\n$536870913\r\nabc"),
  NESTED_ARRAY("*2\r\n*1\r\n{0}{1}"),
  DEEPLY_NESTED_ARRAYS("*1\r\n".repeat(50_000)),
  NIL_ARRAY("*-1\r\n"),
  NEGATIVE_ARRAY("*-2\r\n"),
  MOST_NEGATIVE_ARRAY("*-9223372036854775808\r\n"),
  NEGATIVE_STRING("*2\r\n$-2\r\n{1}"),
  COUNT_BEYOND_LONG("*99999999999999999999999999\r\n"),
  LENGTH_BEYOND_INT("*2\r\n$4294967297\r\na\r\n{1}"),
  COUNT_THAT_WRAPS_AROUND("*4294967298\r\n{0}{1}"),
  EMPTY_ARRAY("*0\r\n"),
  TOO_FEW_ELEMENTS("*1\r\n{0}"),
  TOO_MANY_ELEMENTS("*3\r\n{0}{1}{0}"),
  NIL_INSTEAD_OF_ARRAY("$-1\r\n"),
  RESP3_NULL("_\r\n"),
  RESP3_MAP("%1\r\n{0}{1}"),
  RESP3_SET("~2\r\n{0}{1}"),
  RESP3_PUSH(">2\r\n$10\r\ninvalidate\r\n*0\r\n"),
  RESP3_PUSH_BEFORE_REPLY(">1\r\n+x\r\n*2\r\n{0}{1}"),
  RESP3_ATTRIBUTE("|1\r\n+ttl\r\n:3600\r\n*2\r\n{0}{1}"),
  RESP3_VERBATIM("=15\r\ntxt:Some string\r\n"),
  RESP3_BIG_NUMBER("(3492890328409238509324850943850943825024385\r\n"),
  RESP3_BOOLEAN("#t\r\n"),
  RESP3_DOUBLE(",1.23\r\n"),
  RESP3_BLOB_ERROR("!21\r\nSYNTAX invalid syntax\r\n"),
  RESP3_STREAMED_STRING("$?\r\n;4\r\nHell\r\n;0\r\n"),
  RESP3_STREAMED_ARRAY("*?\r\n{0}{1}.\r\n"),
  INTEGER(":1\r\n"),
  STATUS("+FINE\r\n"),
  STATUSES_IN_ARRAY("*2\r\n+OK\r\n+OK\r\n"),
  INTEGERS_IN_ARRAY("*2\r\n:1\r\n:2\r\n"),
  ERROR_IN_ARRAY("*2\r\n{0}-ERR no\r\n"),
  LINE_FEED_ONLY("*2\n{0}{1}"),
  CARRIAGE_RETURN_ONLY("*2\r{0}{1}"),
  LENGTH_WITH_SPACE("*2\r\n$ 1\r\na\r\n{1}"),
  LENGTH_WITH_PLUS("*+2\r\n{0}{1}"),
  LENGTH_WITH_FRACTION("*2.0\r\n{0}{1}"),
  LENGTH_MISSING("*\r\n{0}{1}"),
  LENGTH_IN_HEX("*0x2\r\n{0}{1}"),
  STRING_LONGER_THAN_ITS_LENGTH("*2\r\n$3\r\nabcd\r\n{1}"),
  STRING_SHORTER_THAN_ITS_LENGTH("*2\r\n$5\r\nabcd\r\n{1}"),
  STRING_WITHOUT_LINE_END("*2\r\n$4\r\nabcd{1}"),
  TRUNCATED_HEAD("*", Then.CLOSE),
  TRUNCATED_VALUE("*2\r\n{0}$100\r\nabc", Then.CLOSE),
  TRUNCATED_BEFORE_LAST_LINE_END("*2\r\n{0}$3\r\nabc\r", Then.CLOSE),
  NOTHING_AND_CLOSED("", Then.CLOSE),
  REPLY_AND_MORE("{correct}{0}"),
  REPLY_TWICE("{correct}{correct}"),
  REPLY_AND_ERROR("{correct}-ERR and another thing\r\n"),
  REPLY_AND_LINE_END("{correct}\r\n"),
  HTTP("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", Then.CLOSE),
  SSH("SSH-2.0-OpenSSH_9.6\r\n"),
  SMTP("220 mail.example.com ESMTP\r\n"),
  MEMCACHED("END\r\n"),
  INLINE_TEXT("hello\r\n"),
  EMPTY_LINE("\r\n"),
  ZEROS("\0".repeat(64)),
  TLS_ALERT("\u0015\u0003\u0003\u0000\u0002\u0002F", Then.CLOSE),
  HIGH_BYTES("\u00ff\u00fe".repeat(100)),
  ERROR_WITHOUT_END("-" + "x".repeat(100_000)),
  STATUS_WITHOUT_END("+" + "x".repeat(100_000)),
  NUMBER_WITHOUT_END("*" + "1".repeat(100_000));

  final String reply;
  final Then then;

  MalformedReplies(String reply) {
    this(reply, Then.GO_ON);
  }

  MalformedReplies(String reply, Then then) {
    this.reply = reply;
    this.then = then;
  }

  /// Error replies of every kind: well formed, so that the connection may be used again.
  static List<String> errors() {
    List<String> errors = new ArrayList<>();
    for (String error :
        List.of(
            "ERR unknown command",
            "",
            "MOVED",
            "MOVED ",
            "MOVED 1",
            "MOVED 1 127.0.0.1:6379",
            "MOVED x y z",
            "MOVED 99999999999 nowhere:99999999",
            "ASK",
            "ASK 1 :",
            "ASK -5 [::1]:1",
            "NOAUTH Authentication required.",
            "WRONGPASS invalid username-password pair or user is disabled.",
            "NOPERM this user has no permissions",
            "LOADING Redis is loading the dataset in memory",
            "MASTERDOWN Link with MASTER is down",
            "CLUSTERDOWN The cluster is down",
            "TRYAGAIN Multiple keys request during rehashing of slot",
            "CROSSSLOT Keys in request don't hash to the same slot",
            "BUSY Redis is busy running a script",
            "OOM command not allowed",
            "READONLY You can't write against a read only replica.",
            "MISCONF Redis is configured to save RDB snapshots",
            "NOREPLICAS Not enough good replicas to write.",
            "NOPROTO unsupported protocol version",
            "ERR max number of clients reached",
            "\u00e4\u00f6\u00fc\u0000\u0007")) {
      errors.add("-" + error + "\r\n");
    }
    return errors;
  }
}

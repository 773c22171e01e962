package dev.pilotlight.protocol.usage;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The query of OpenAI's `GET /v1/organization/usage/embeddings`. A project is a tenant. Lists are
/// written as `models[]=a&models[]=b`, as OpenAI's clients do, or as `models=a,b`.
///
/// @param first the first day of the page, in UTC
/// @param days how many days the page has
/// @param next the first day of the next page; null if there is none
/// @param projects the tenants; empty for all
/// @param keys the ids of keys; empty for all
/// @param models empty for all
/// @param groups the fields by which results are separate
public record OrganizationQuery(
    LocalDate first,
    int days,
    @Nullable LocalDate next,
    Set<String> projects,
    Set<String> keys,
    Set<String> models,
    Set<String> groups) {
  static final String PROJECT = "project_id";
  static final String KEY = "api_key_id";
  static final String MODEL = "model";

  private static final String START = "start_time";
  private static final String END = "end_time";
  private static final String WIDTH = "bucket_width";
  private static final String LIMIT = "limit";
  private static final String PAGE = "page";
  private static final String GROUP_BY = "group_by";
  private static final String PROJECTS = "project_ids";
  private static final String KEYS = "api_key_ids";
  private static final String MODELS = "models";
  private static final String USERS = "user_ids";
  private static final Set<String> KNOWN =
      Set.of(START, END, WIDTH, LIMIT, PAGE, GROUP_BY, PROJECTS, KEYS, MODELS);
  private static final List<String> GROUPS = List.of(PROJECT, KEY, MODEL);
  private static final String DAY = "1d";
  private static final String PAGE_PREFIX = "page_";
  private static final int LIMIT_STANDARD = 7;
  private static final int LIMIT_MAX = 31;
  private static final long SECONDS_MAX = 253_402_300_799L;

  /// Reads the query.
  ///
  /// @param today in UTC
  /// @throws Refusal INVALID, naming the parameter
  public static OrganizationQuery of(HttpRequest request, LocalDate today) {
    Map<String, String> query = new HashMap<>();
    request
        .query()
        .forEach((name, value) -> query.merge(plain(name), value, OrganizationQuery::both));
    requireKnown(query.keySet());
    String width = query.getOrDefault(WIDTH, DAY);
    if (!width.equals(DAY)) {
      throw Refusal.invalid(WIDTH, "bucket_width is not 1d: usage is counted by day; accepted: 1d");
    }
    String startText = query.get(START);
    if (startText == null) {
      throw Refusal.invalid(START, "start_time is missing; accepted: seconds since 1970");
    }
    LocalDate start = day(START, startText);
    String endText = query.get(END);
    LocalDate last = endText == null ? today : lastDay(endText);
    if (endText == null && last.isBefore(start)) {
      throw Refusal.invalid(
          START, "start_time is after today; accepted without end_time: at most " + today);
    }
    if (last.isBefore(start)) {
      throw Refusal.invalid(END, "end_time is not after start_time");
    }
    String page = query.get(PAGE);
    LocalDate first = page == null ? start : page(page, start, last);
    int limit = limit(query.get(LIMIT));
    LocalDate next = first.plusDays(limit);
    boolean more = !next.isAfter(last);
    int days = more ? limit : (int) (last.toEpochDay() - first.toEpochDay() + 1);
    OrganizationQuery read =
        new OrganizationQuery(
            first,
            days,
            more ? next : null,
            list(PROJECTS, query),
            list(KEYS, query),
            list(MODELS, query),
            groups(query));
    UsageQuery.requireKept(START, start, today);
    return read;
  }

  /// The last day of the page.
  public LocalDate last() {
    return first.plusDays(days - 1L);
  }

  /// The value of `page` for the next page; null if there is none.
  @Nullable String nextPage() {
    return next == null ? null : PAGE_PREFIX + next;
  }

  private static String plain(String name) {
    return name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
  }

  private static String both(String one, String other) {
    return one + ',' + other;
  }

  private static void requireKnown(Set<String> names) {
    for (String name : names) {
      if (name.equals(USERS)) {
        throw Refusal.invalid(USERS, "user_ids is not supported: a tenant's keys have no users");
      }
      if (!KNOWN.contains(name)) {
        throw Refusal.invalid(
            name, name + " is not known; accepted: " + String.join(", ", new TreeSet<>(KNOWN)));
      }
    }
  }

  private static LocalDate day(String name, String text) {
    return LocalDate.ofInstant(Instant.ofEpochSecond(seconds(name, text)), ZoneOffset.UTC);
  }

  /// The day before the first moment that does not count.
  private static LocalDate lastDay(String text) {
    long end = Math.max(1, seconds(END, text));
    return LocalDate.ofInstant(Instant.ofEpochSecond(end - 1), ZoneOffset.UTC);
  }

  private static long seconds(String name, String text) {
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= 0 && seconds <= SECONDS_MAX) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw Refusal.invalid(name, name + " is not a time; accepted: seconds since 1970");
  }

  private static LocalDate page(String text, LocalDate start, LocalDate last) {
    try {
      if (text.startsWith(PAGE_PREFIX)) {
        LocalDate day = LocalDate.parse(text.substring(PAGE_PREFIX.length()));
        if (!day.isBefore(start) && !day.isAfter(last)) {
          return day;
        }
      }
    } catch (DateTimeParseException e) {
      // refused below
    }
    throw Refusal.invalid(PAGE, "page is not of this query; accepted: next_page of an answer");
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return LIMIT_STANDARD;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LIMIT_MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw Refusal.invalid(LIMIT, "limit is out of range; accepted: 1 to 31");
  }

  private static Set<String> groups(Map<String, String> query) {
    Set<String> groups = list(GROUP_BY, query);
    for (String group : groups) {
      if (!GROUPS.contains(group)) {
        throw Refusal.invalid(
            GROUP_BY, "group_by has an unsupported field; accepted: " + String.join(", ", GROUPS));
      }
    }
    return groups;
  }

  /// Refuses an empty entry: without it, a list might be empty and would select everything.
  private static Set<String> list(String name, Map<String, String> query) {
    Set<String> values = new LinkedHashSet<>();
    String text = query.get(name);
    if (text == null) {
      return values;
    }
    for (String value : text.split(",", -1)) {
      if (value.isBlank()) {
        throw Refusal.invalid(name, name + " has an empty entry; accepted: entries, or no " + name);
      }
      values.add(value.strip());
    }
    return values;
  }
}

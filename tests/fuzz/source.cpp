// Every source of the catalogue: its parser, the questions that come before it, and its answers.
//
//   byte 0, 1   which source (pick()), and which of its routes
//        2      which Content-Type
//        3      bits: what follows as a line each: 1 settings, 2 what the path's wildcards stand
//               for, 4 headers, 8 the query; 16: parse it twice
//   the rest is the body
//
// A new source is fuzzed without a line here, and its fixtures are its seeds.
#include <set>

#include "connectors/source.hpp"
#include "connectors/sources/limits.hpp"
#include "connectors/sources/payload.hpp"
#include "router/core/bodies.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace connectors;

constexpr std::size_t kMostAnswerBytes = 64u << 10;
const Instant kReceived{WallTime(std::chrono::seconds(1'795'312'363)), 1, std::chrono::hours(5)};

constexpr std::string_view kTypes[] = {"",
                                       "application/json",
                                       "application/x-www-form-urlencoded",
                                       "multipart/form-data; boundary=b",
                                       "text/plain",
                                       "application/cloudevents+json",
                                       "application/cloudevents-batch+json"};

enum Parts : std::uint8_t { settings = 1, wildcards = 2, headers = 4, query = 8, twice = 16 };

/// By its name and not by its place, so that a new one takes few inputs away from the others.
const SourceSpec& pick(std::uint8_t byte) {
  const auto rank = [&](const SourceSpec* spec) {
    return sha256(std::string(spec->name) + static_cast<char>(byte));
  };
  const auto all = all_sources();
  return **std::max_element(all.begin(), all.end(), [&](const SourceSpec* a, const SourceSpec* b) {
    return rank(a) < rank(b);
  });
}

void check_alert(const Alert& alert, bool nameless) {
  PROMISE(!alert.key.empty() && alert.key.size() <= sources::kMostKeyBytes, alert.key);
  // Alertmanager's own API asks for no name, only for a label.
  PROMISE(alert.labels.size() > 0 && (nameless || !alert.labels.get("alertname").empty()),
          alert.key);
  PROMISE(alert.labels.size() <= sources::kMostLabels, alert.key);
  std::string_view before;
  for (const auto& [name, value] : alert.labels) {
    PROMISE(!name.empty() && name.size() <= sources::kMostLabelNameBytes, std::string(name));
    PROMISE(value.size() <= sources::kMostLabelValueBytes, std::string(name));
    PROMISE(before < name, "labels out of order");
    PROMISE(is_utf8(name) && is_utf8(value), std::string(name));
    before = name;
  }
  std::size_t bytes = 0;
  for (const auto& [name, value] : alert.annotations) bytes += name.size() + value.size();
  PROMISE(bytes <= sources::kMostAnnotationBytes, alert.key);
  PROMISE(alert.annotations.size() <= sources::kMostAnnotations, alert.key);
  PROMISE(alert.generator_url.size() <= sources::kMostGeneratorUrlBytes, alert.generator_url);
}

void check_parsed(const Parsed& parsed, const SourceSpec& spec) {
  const std::size_t all = parsed.alerts.size() + parsed.rejected.size();
  PROMISE(all <= kMostAlertsPerRequest, std::to_string(all));
  // Those that are given labels ready-made.
  const bool nameless =
      spec.name == "prometheus" || spec.name == "alertmanager" || spec.name == "grafana";
  for (const Alert& alert : parsed.alerts) check_alert(alert, nameless);
  std::set<std::size_t> places;
  for (const Rejected& rejected : parsed.rejected) {
    PROMISE(rejected.index < all, std::to_string(rejected.index));
    PROMISE(places.insert(rejected.index).second, "one alert rejected twice");
    check_error_text(rejected.what);
  }
  PROMISE(parsed.visit.empty() || parsed.visit.starts_with("https://"), parsed.visit);
  // What is taken is stored, and read again as it was.
  AlertsBody body{"fuzz", kReceived, parsed.alerts, {}, parsed.beats};
  const auto read = decode_alerts(encode(body));
  PROMISE(read && *read == body, "not as it was stored");
}

void check_answer(const SourceSpec& spec, IngestOutcome outcome, bool good) {
  const HttpResponse answer = spec.answer(outcome);
  // Who asks for one alert may be told that there is none.
  const bool none = outcome.method == "GET" && answer.status == 404;
  PROMISE(none || (answer.status >= 200 && answer.status < 300) == good,
          std::to_string(answer.status));
  PROMISE(answer.body.size() <= kMostAnswerBytes, std::to_string(answer.body.size()));
  PROMISE(answer.body.empty() || !answer.content_type.empty(), answer.body);
  PROMISE(is_utf8(answer.body), answer.body);
}

/// As hostile as what is asked for it.
KnownAlert known_alert(const std::string& key, std::string_view text) {
  KnownAlert known;
  known.alert.key = key;
  known.alert.labels = Fields(std::vector<Fields::Pair>{{"alertname", text}, {"x", key}});
  known.alert.annotations = Fields(std::vector<Fields::Pair>{{"summary", text}});
  known.alert.starts_at = known.heard = kReceived.wall;
  known.severity = Severity::critical;
  known.acknowledged_at = known.snoozed_until = kReceived.wall;
  known.open = true;
  known.acknowledged_by = known.assigned_to = std::string(text.substr(0, 100));
  return known;
}

bool same(const Result<Parsed>& one, const Result<Parsed>& other) {
  if (!one || !other)
    return !one && !other && one.error().kind == other.error().kind &&
           one.error().message == other.error().message;
  return one->alerts == other->alerts && one->beats == other->beats && one->reply == other->reply &&
         one->rejected.size() == other->rejected.size() && one->said.size() == other->said.size();
}

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  std::set<std::string_view> seen;
  for (int byte = 0; byte < 256; ++byte) {
    const SourceSpec& spec = pick(static_cast<std::uint8_t>(byte));
    if (!seen.insert(spec.name).second) continue;
    std::string folder(spec.name);
    std::replace(folder.begin(), folder.end(), '-', '_');
    folder = "tests/connectors/fixtures/" + folder;
    for (std::size_t route = 0; route < spec.routes.size(); ++route)
      for (const std::string& file : files_in(folder))
        all.push_back({static_cast<char>(byte), static_cast<char>(route),
                       file.ends_with(".form") ? '\2' : '\1', static_cast<char>(twice)});
    std::size_t at = all.size() - spec.routes.size() * files_in(folder).size();
    for (std::size_t route = 0; route < spec.routes.size(); ++route)
      for (const std::string& file : files_in(folder)) all[at++] += file_of(folder + "/" + file);
    std::string rest = "map.title=/a&map.labels.x=/b/0&lasts=2h\np%2Fq&r\nce-type=t&ce-id=1\n";
    all.push_back(std::string{static_cast<char>(byte), '\0', '\2', '\37'} + rest +
                  "state=trigger&title=x&id=1\n");
  }
  return all;
}

}  // namespace

TOCSIN_FUZZ_TARGET(source, seeds) {
  Input in(input);
  const SourceSpec& spec = pick(in.byte());
  const SourceRoute& route = spec.routes[in.byte() % spec.routes.size()];
  const std::string_view type = kTypes[in.byte() % std::size(kTypes)];
  const std::uint8_t parts = in.byte();

  HttpRequest request;
  request.method = route.method;
  request.received = kReceived;
  if (!type.empty()) request.headers.emplace_back("content-type", type);
  SourceContext context{kReceived, std::string(route.path), {}, {"fuzz", {}}, {}};
  if (parts & settings)
    for (const auto& [name, value] : pairs_of(in.line()))
      for (const Field& field : spec.fields)
        if (!value.empty() && (name == field.key || name.starts_with(std::string(field.key) + ".")))
          context.settings.values[name] = value;
  if (spec.check)
    for (const std::string& fault : spec.check(context.settings)) check_error_text(fault);
  if (parts & wildcards)
    for (const auto& pair : sources::read_form(in.line())) context.parts.push_back(pair.first);
  // As many as there are wildcards, since the router matched them.
  std::size_t stars = 0;
  for (std::size_t at = 0; (at = route.path.find('*', at)) != std::string_view::npos; ++stars)
    at += route.path.substr(at).starts_with("**") ? 2 : 1;
  context.parts.resize(stars, "x");
  if (parts & headers)
    for (auto& header : pairs_of(in.line())) request.headers.push_back(std::move(header));
  if (parts & query) request.query = sources::read_form(in.line());
  request.path = context.path;
  request.body = in.rest();

  if (spec.key) static_cast<void>(spec.key(request));
  if (spec.document)
    if (const auto url = spec.document(request)) {
      PROMISE(url->starts_with("https://"), *url);
      context.document = Result<std::string>(std::string("no certificate"));
    }
  const Result<Parsed> parsed = spec.parse(request, context);
  if (parts & twice) PROMISE(same(parsed, spec.parse(request, context)), "another answer");
  IngestOutcome outcome;
  outcome.method = request.method;
  outcome.path = request.path;
  if (!parsed) {
    check_error_text(parsed.error().message);
    outcome.kind = IngestOutcome::Kind::unusable;
    outcome.error = parsed.error().message;
    return check_answer(spec, outcome, false);
  }
  check_parsed(*parsed, spec);
  outcome.reply = parsed->reply;
  outcome.rejected = parsed->rejected;
  if (!parsed->asks.empty()) {
    PROMISE(spec.answer(outcome).status < 500, parsed->asks);  // it is not known
    outcome.known = known_alert(parsed->asks, plain_lines(request.body));
  }
  if (parsed->rejected.empty()) return check_answer(spec, outcome, true);
  outcome.kind =
      parsed->alerts.empty() ? IngestOutcome::Kind::unusable : IngestOutcome::Kind::partly;
  outcome.error = "nothing in it can be used";
  static_cast<void>(spec.answer(outcome));
}

}  // namespace tocsin::fuzz

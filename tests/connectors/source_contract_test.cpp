// What every source promises, whatever it speaks: no request breaks it, and its answers are ones.
#include <algorithm>
#include <filesystem>
#include <random>

#include "connectors/sources/limits.hpp"
#include "connectors/sources/payload.hpp"
#include "tests/connectors/source_requests.hpp"
#include "tests/source_dir.hpp"

namespace fs = std::filesystem;
using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

/// The source's own payloads, or, of one that has its own folder elsewhere, a few of any shape.
std::vector<std::string> originals_of(const SourceSpec& spec) {
  std::string folder(spec.name);
  std::replace(folder.begin(), folder.end(), '-', '_');
  std::vector<std::string> all{R"({"title":"a","status":"firing","id":1})", "a=b&payload={}"};
  std::vector<std::string> names;
  const fs::path path =
      fs::path(tocsin::tests::source_dir()) / "tests/connectors/fixtures" / folder;
  if (fs::exists(path))
    for (const auto& entry : fs::directory_iterator(path))
      names.push_back(folder + "/" + entry.path().filename().string());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) all.push_back(fixture(name).substr(0, 4096));
  return all;
}

void mutate(std::string& body, std::mt19937& random) {
  static const std::vector<std::string> pieces = {"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  "\"",
                                                  ",",
                                                  ":",
                                                  "null",
                                                  "1e999",
                                                  "true",
                                                  "-1",
                                                  "\\u0000",
                                                  "\xff",
                                                  "\\ud800",
                                                  "[[[[[[",
                                                  "\xEF\xBB\xBF",
                                                  "\"\"",
                                                  "%00",
                                                  "=",
                                                  "&",
                                                  "\n",
                                                  "NaN",
                                                  "{}",
                                                  "[]",
                                                  "99999999999999999999"};
  const std::size_t at = random() % (body.size() + 1);
  switch (random() % 5) {
    case 0:
      body.insert(at, pieces[random() % pieces.size()]);
      break;
    case 1:
      body.erase(at, random() % 16);
      break;
    case 2: {  // a value becomes one of another type
      const std::size_t colon = body.find(':', at);
      const std::size_t end = std::min(body.find_first_of(",}]", colon), body.size());
      if (colon < end) body.replace(colon + 1, end - colon - 1, pieces[random() % pieces.size()]);
      break;
    }
    case 3:
      body.insert(at, body.substr(at, random() % 64));
      break;
    default:
      if (at < body.size()) body[at] = static_cast<char>(random());
  }
}

void check_alert(const Alert& alert) {
  REQUIRE_FALSE(alert.key.empty());
  REQUIRE(alert.key.size() <= sources::kMostKeyBytes);
  REQUIRE_FALSE(alert.labels.get("alertname").empty());
  REQUIRE(alert.labels.size() <= sources::kMostLabels);
  for (const auto& [name, value] : alert.labels)
    REQUIRE((!name.empty() && !value.empty() && value.size() <= sources::kMostLabelValueBytes));
  if (alert.status == AlertStatus::firing) {
    if (alert.ends_at) REQUIRE(*alert.ends_at > kNow);
  } else {
    REQUIRE((alert.ends_at && *alert.ends_at <= kNow));
  }
}

}  // namespace

TEST_CASE("no mutation of a payload breaks a source or passes its limits", "[contract]") {
  for (const SourceSpec* spec : all_sources()) {
    if (spec->name == "prometheus") continue;  // its own tests; its labels are as they are sent
    INFO(spec->name);
    const Sender sender{std::string(spec->name)};
    const std::vector<std::string> originals = originals_of(*spec);
    std::mt19937 random(20261122);
    for (int i = 0; i < 1'500; ++i) {
      Sent sent{originals[random() % originals.size()]};
      for (std::size_t changes = random() % 4; changes > 0; --changes) mutate(sent.body, random);
      const SourceRoute& route = spec->routes[random() % spec->routes.size()];
      sent.method = std::string(route.method);
      for (const char c : route.path) sent.path += c == '*' ? std::string("x") : std::string(1, c);
      if (random() % 8 == 0) sent.headers = {{"content-type", "text/plain"}};
      const auto parsed = sender.send(sent);
      if (!parsed) {
        REQUIRE_FALSE(parsed.error().message.empty());
        continue;
      }
      for (const Alert& alert : parsed->alerts) check_alert(alert);
      for (const Said& said : parsed->said) REQUIRE_FALSE(said.key.empty());
      if (spec->key) static_cast<void>(spec->key(Sender::request(sent)));
    }
  }
}

TEST_CASE("deep nesting and empty bodies and wrong types harm no source", "[contract]") {
  std::string deep;
  for (int i = 0; i < 80'000; ++i) deep += "[{\"a\":";
  for (const SourceSpec* spec : all_sources()) {
    INFO(spec->name);
    const Sender sender{std::string(spec->name)};
    for (const SourceRoute& route : spec->routes) {
      for (const std::string& body :
           {deep, std::string(), std::string("null"), std::string("[]"), std::string("{}"),
            std::string("\"text\""), std::string("7"), std::string("\xff\xfe\x00", 3),
            std::string("[null,{},[],7,\"x\"]")}) {
        Sent sent{body};
        sent.method = std::string(route.method);
        for (const char c : route.path)
          sent.path += c == '*' ? std::string("x") : std::string(1, c);
        const auto parsed = sender.send(sent);
        if (!parsed) CHECK_FALSE(parsed.error().message.empty());
      }
    }
  }
}

TEST_CASE("every source answers so that its sender knows whether to come again", "[contract]") {
  for (const SourceSpec* spec : all_sources()) {
    for (const SourceRoute& route : spec->routes) {
      INFO(spec->name << " " << route.method << " " << route.path);
      const Sender sender{std::string(spec->name)};
      const std::string path(route.path), method(route.method);
      const auto status = [&](Kind kind) { return sender.answer(kind, path, "", method).status; };
      IngestOutcome found;
      found.method = method;
      found.path = path;
      found.known.emplace();  // for those that ask for one
      CHECK(spec->answer(found).status / 100 == 2);
      CHECK(status(Kind::unusable) / 100 == 4);
      CHECK(status(Kind::unusable) != 429);
      CHECK(status(Kind::unusable) != 410);
      CHECK(status(Kind::busy) / 100 == 5);
      CHECK((status(Kind::limited) == 429 || status(Kind::limited) == 503));
      for (const Kind kind : {Kind::busy, Kind::limited})
        CHECK_FALSE(header_of(sender.answer(kind, path, "", method), "Retry-After").empty());
      for (const Kind kind : {Kind::accepted, Kind::partly, Kind::unusable, Kind::busy})
        if (const HttpResponse response = sender.answer(kind, path, "k\"1", method);
            response.content_type == "application/json")
          CHECK(sources::Json::parse(response.body));
    }
  }
}

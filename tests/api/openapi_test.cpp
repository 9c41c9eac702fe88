#include "router/api/openapi.hpp"

#include <fstream>
#include <regex>
#include <set>

#include "router/api/openapi_schema.hpp"
#include "tests/api/lived_in_house.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin;
using namespace tocsin::tests;

namespace {

json document() { return json::parse(api::openapi_json("1.2.3")); }

/// "GET /api/v1/incidents/{}": whatever the parts of the path are called.
std::string nameless(const std::string& method, const std::string& path) {
  const std::string parts = std::regex_replace(path, std::regex(R"(\(\[\^/\]\+\)|\{\w+\})"), "{}");
  return method + " " + std::regex_replace(parts, std::regex(R"(\\\.)"), ".");
}

/// What the document says of each call.
std::map<std::string, json> described() {
  const std::map<std::string, std::string> kMethods{
      {"get", "GET"}, {"post", "POST"}, {"delete", "DELETE"}};
  std::map<std::string, json> calls;
  const json all = document();
  for (const auto& [path, methods] : all.at("paths").items())
    for (const auto& [method, operation] : methods.items())
      calls[nameless(kMethods.at(method), path)] = operation;
  return calls;
}

/// Routes that the document leaves out, and why.
const std::map<std::string, std::string> kLeftOut{
    {"GET /p/{}", "a page for people: its link is in the page, and no tool asks for it"},
    {"POST /p/{}", "what the buttons of that page send"},
    {"GET /c/{}", "a page for people: the link of a contact's test"},
    {"POST /c/{}", "what the button of that page sends"},
    {"POST /answers/{}", "a provider's own form, signed by it: no tool asks for it"},
};

void references(const json& value, std::set<std::string>& found) {
  if (value.is_object() && value.contains("$ref"))
    found.insert(value.at("$ref").get<std::string>());
  if (value.is_structured())
    for (const json& each : value) references(each, found);
}

std::string written(const std::string& file) {
  std::ifstream in(source_dir() + "/" + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The role that a call is described with; empty: it needs no token.
std::string role_of(const json& operation) {
  const std::string description = operation.value("description", "");
  std::smatch found;
  const bool says = std::regex_search(description, found, std::regex("token of the role (\\w+)"));
  return says ? found[1].str() : "";
}

}  // namespace

TEST_CASE("the description has every call that is served and none that is not") {
  LivedInHouse house;
  std::set<std::string> served, expected;
  for (const HttpRoute& route : house.api.routes())
    served.insert(nameless(route.method, route.pattern));
  for (const auto& [call, operation] : described()) expected.insert(call);
  for (const auto& [call, why] : kLeftOut) {
    INFO(call << ": " << why);
    CHECK(served.contains(call));
    CHECK(expected.insert(call).second);
  }
  CHECK(served == expected);
}

TEST_CASE("the description needs no token and says which version answers") {
  LivedInHouse house;
  const HttpResponse answer = house.ask("GET", R"(/api/v1/openapi\.json)", {}, "", "nobody");
  CHECK(answer.content_type == "application/json");
  const json said = json_of(answer);
  CHECK(said.at("openapi") == "3.1.0");
  CHECK(said.at("info").at("title") == "tocsin");
  CHECK(document().at("info").at("version") == "1.2.3");
}

TEST_CASE("a call is described with the role and the statuses that the service has") {
  const std::vector<std::string> kTokens{"nobody", "viewer", "responder", "admin"};
  LivedInHouse house;
  const auto calls = described();
  std::size_t guarded = 0;
  for (const HttpRoute& route : house.api.routes()) {
    const std::string call = nameless(route.method, route.pattern);
    if (kLeftOut.contains(call)) continue;
    INFO(call);
    REQUIRE(calls.contains(call));
    const json& operation = calls.at(call);
    const std::string needed = role_of(operation);
    CHECK(operation.at("security").empty() == needed.empty());
    const auto least = std::find(kTokens.begin(), kTokens.end(), needed);
    for (auto token = kTokens.begin(); token != kTokens.end(); ++token) {
      INFO(*token);
      const HttpResponse answer = house.ask(route.method, route.pattern, {"x", "y"}, "", *token);
      if (!needed.empty()) {
        const bool turned_away = answer.status == 401 || answer.status == 403;
        CHECK(turned_away == (token < least));
      }
      CHECK(operation.at("responses").contains(std::to_string(answer.status)));
    }
    guarded += !needed.empty();
  }
  CHECK(guarded > 30);
}

TEST_CASE("every shape that the description refers to is there and every one there is used") {
  const json all = document();
  std::set<std::string> used, there;
  references(all, used);
  for (const auto& [name, shape] : all.at("components").at("schemas").items())
    there.insert("#/components/schemas/" + name);
  CHECK(used == there);
}

TEST_CASE("no two calls have one name and each says what it is for") {
  std::set<std::string> names;
  for (const api::ApiChapter* chapter : api::api_chapters())
    for (const api::ApiOperation& operation : chapter->operations) {
      INFO(operation.path);
      CHECK(names.insert(std::string(operation.name)).second);
      CHECK(operation.what.ends_with('.'));
    }
}

TEST_CASE("the list of calls for people has each that is described") {
  const std::string readme = written("router/api/README.md");
  for (const api::ApiChapter* chapter : api::api_chapters())
    for (const api::ApiOperation& operation : chapter->operations) {
      // Two on one line share what they have in common: "… /acknowledge` · `resolve`".
      const std::string path(operation.path);
      const std::string last = path.substr(path.rfind('/') + 1);
      INFO(operation.method << " " << path);
      const bool whole =
          readme.find("`" + std::string(operation.method) + " " + path) != std::string::npos;
      CHECK((whole || readme.find("· `" + last + "`") != std::string::npos));
    }
}

TEST_CASE("an answer of the service has the fields that are described") {
  LivedInHouse house;
  house.fire("Errors");
  const std::string id = house.id_of("Errors");
  const json all = document();
  const auto fields = [&](const std::string& shape) {
    return all.at("components").at("schemas").at(shape).at("required").get<std::set<std::string>>();
  };
  const auto keys = [](const json& object) {
    std::set<std::string> names;
    for (const auto& [name, value] : object.items()) names.insert(name);
    return names;
  };
  const json incident = json_of(house.ask("GET", "/api/v1/incidents/([^/]+)", {id}));
  CHECK(keys(incident) == fields("Incident"));
  CHECK(keys(incident.at("alerts").at(0)) == fields("Alert"));
  CHECK(keys(incident.at("decision")) == fields("Decision"));
  CHECK(keys(incident.at("timeline").at(0)) == fields("TimelineEntry"));
  const json explained = json_of(house.ask("GET", "/api/v1/alerts/([^/]+)/explanation",
                                           {incident.at("alerts").at(0).at("id")}));
  CHECK(keys(explained) == fields("Explanation"));
}

TEST_CASE("types are written in few words") {
  const auto schema = [](std::string_view type) {
    const auto made = api::schema_of_type(type);
    return made ? json::parse(*made) : json(made.error().message);
  };
  CHECK(schema("text") == json{{"type", "string"}});
  CHECK(schema("flag?").at("type") == json::array({"boolean", "null"}));
  CHECK(schema("open|resolved?").at("enum") == json::array({"open", "resolved", nullptr}));
  CHECK(schema("1..50") == json{{"type", "integer"}, {"minimum", 1}, {"maximum", 50}});
  CHECK(schema("[Alert]").at("items").at("$ref") == "#/components/schemas/Alert");
  CHECK(schema("Alert?").at("anyOf").size() == 2);
  CHECK(schema("{text}").at("additionalProperties") == json{{"type", "string"}});
  for (const char* const bad : {"", "texts", "[text", "a||b", "a|b|", "1..", "..2", "{}", "?"}) {
    INFO(bad);
    CHECK(schema(bad).is_string());
  }
}

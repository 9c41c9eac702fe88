#include "router/api/openapi.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "router/api/openapi_schema.hpp"
#include "router/core/problem.hpp"

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view kWhat =
    "What people and tools ask of tocsin. Times are RFC 3339 in UTC. Errors are problem details of "
    "RFC 9457, whose `detail` says what is wrong and what to do. A 2xx to a change is a promise: "
    "the change is in the journal and was read back. Whatever breaks the rules of HTTP itself, or "
    "comes too slowly, is answered 400, 408, 411, 413, 414, 417, 431, 501 or 505 beside what the "
    "calls say. Where it says GET, HEAD is answered as well.";
constexpr std::string_view kToken = "token";
constexpr std::string_view kProblemMedia = "application/problem+json";

constexpr ApiField kProblem[] = {
    {"type", "text"},
    {"title", "text", "what the status is called"},
    {"status", "count"},
    {"detail", "text", "what is wrong, and what to do"},
};
constexpr ApiShape kProblemShape{"Problem", "An error, of RFC 9457.", kProblem};

// The tables are part of the program, and a test builds the whole: a fault in them is one of ours.
json made(const Result<std::string>& schema) {
  TOCSIN_CHECK(schema.has_value(), "the tables of the API have a type that nobody can read");
  return json::parse(*schema);
}

std::vector<int> statuses(std::string_view text) {
  std::vector<int> all;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    all.push_back(std::stoi(std::string(word)));
  }
  return all;
}

std::vector<std::string> in_path(std::string_view path) {
  std::vector<std::string> names;
  for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1))
    names.emplace_back(path.substr(at + 1, path.find('}', at) - at - 1));
  return names;
}

json parameters(const ApiOperation& operation) {
  json all = json::array();
  for (const std::string& name : in_path(operation.path))
    all.push_back({{"name", name},
                   {"in", "path"},
                   {"required", true},
                   {"schema", {{"type", "string"}, {"minLength", 1}}}});
  for (const ApiField& field : operation.query) {
    const FieldName named = name_of(field);
    json one{{"name", named.name},
             {"in", "query"},
             {"required", !named.optional},
             {"description", field.what},
             {"schema", made(schema_of_type(field.type))}};
    // Words with commas between; matchers have commas of their own, and are repeated.
    if (field.type.starts_with('[')) one["explode"] = field.type == "[words]";
    all.push_back(std::move(one));
  }
  return all;
}

json good_answer(const ApiOperation& operation, int status) {
  json answer{{"description", reason_phrase(status)}};
  if (operation.answers.empty()) return answer;
  answer["content"][std::string(operation.media)]["schema"] =
      made(schema_of_type(operation.answers));
  if (!operation.other_media.empty())
    answer["content"][std::string(operation.other_media)]["schema"] = {{"type", "string"}};
  return answer;
}

json problem_answer(int status) {
  json answer{{"description", reason_phrase(status)}};
  answer["content"][std::string(kProblemMedia)]["schema"]["$ref"] = "#/components/schemas/Problem";
  return answer;
}

std::vector<int> problems(const ApiOperation& operation) {
  std::vector<int> all = statuses(operation.problems);
  all.push_back(400);
  if (operation.needs != Needs::nothing) all.push_back(401);
  if (operation.needs > Needs::viewer) all.push_back(403);
  if (!operation.takes.empty()) all.push_back(413);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::string_view role_of(Needs needs) {
  return needs == Needs::admin ? "admin" : needs == Needs::responder ? "responder" : "viewer";
}

json operation_of(const ApiOperation& operation, std::string_view chapter) {
  json all{{"operationId", operation.name}};
  all["tags"] = json::array({chapter});
  all["summary"] = operation.what;
  all["security"] = json::array();
  if (operation.needs != Needs::nothing) {
    all["description"] = "For a token of the role " + std::string(role_of(operation.needs)) +
                         (operation.needs == Needs::admin ? "." : ", or one that may do more.");
    json token = json::object();
    token[std::string(kToken)] = json::array();
    all["security"].push_back(std::move(token));
  }
  if (json list = parameters(operation); !list.empty()) all["parameters"] = std::move(list);
  if (!operation.takes.empty())
    all["requestBody"]["content"][std::string(kJson)]["schema"] =
        made(schema_of_type(operation.takes));
  for (const int status : statuses(operation.statuses))
    all["responses"][std::to_string(status)] = good_answer(operation, status);
  for (const int status : problems(operation))
    all["responses"][std::to_string(status)] = problem_answer(status);
  return all;
}

std::string in_lower_case(std::string_view method) {
  std::string lower(method);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

}  // namespace

std::vector<const ApiChapter*> api_chapters() {
  return {&incidents_chapter(), &silences_chapter(), &gamedays_chapter(),
          &on_call_chapter(),   &people_chapter(),   &tools_chapter()};
}

std::string openapi_json(std::string_view version) {
  json document{{"openapi", "3.1.0"},
                {"info", {{"title", "tocsin"}, {"version", version}, {"description", kWhat}}}};
  document["servers"] = json::array();
  document["servers"].push_back({{"url", "/"}});
  document["tags"] = json::array();
  document["paths"] = json::object();
  json schemas = json::object();
  schemas["Problem"] = made(schema_of_shape(kProblemShape));
  for (const ApiChapter* const chapter : api_chapters()) {
    document["tags"].push_back({{"name", chapter->name}, {"description", chapter->what}});
    for (const ApiOperation& operation : chapter->operations)
      document["paths"][std::string(operation.path)][in_lower_case(operation.method)] =
          operation_of(operation, chapter->name);
    for (const ApiShape& shape : chapter->shapes)
      schemas[std::string(shape.name)] = made(schema_of_shape(shape));
  }
  document["components"]["schemas"] = std::move(schemas);
  document["components"]["securitySchemes"][std::string(kToken)] = {
      {"type", "http"}, {"scheme", "bearer"}, {"description", "One of server.tokens."}};
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace tocsin::api

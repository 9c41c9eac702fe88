// What the API says of itself at /api/v1/openapi.json (OpenAPI 3.1): a table of operations and of
// the shapes that they take and answer, a chapter for each kind of thing.
//
// A type is written in few words:
//   text  words  time  duration  flag  count  number  url      words: a text that is not blank
//   anything
//   open|resolved     one of these words        1..1000        a number between
//   [T]               a list of T               {T}            an object with any names
//   T?                T or null                 Name           the shape of that name
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::api {

struct ApiField {
  std::string_view name;  // "name?": it may be left out
  std::string_view type;
  std::string_view what = {};
};

struct ApiShape {
  std::string_view name;
  std::string_view what;
  std::span<const ApiField> fields;
  bool taken = false;  // the body of a request: a field that is not known is an error
};

enum class Needs : std::uint8_t { nothing, viewer, responder, admin };

inline constexpr std::string_view kJson = "application/json";

struct ApiOperation {
  std::string_view method;
  std::string_view path;  // "/api/v1/incidents/{id}"
  std::string_view name;  // for the functions of generated clients
  std::string_view what;
  Needs needs = Needs::viewer;
  std::span<const ApiField> query = {};
  std::string_view takes = {};    // a shape; empty: no body
  std::string_view answers = {};  // a type; empty: no body
  std::string_view statuses = "200";
  std::string_view problems = {};  // statuses, beside those that every such call may answer
  std::string_view media = kJson;
  std::string_view other_media = {};
};

struct ApiChapter {
  std::string_view name;
  std::string_view what;
  std::span<const ApiOperation> operations;
  std::span<const ApiShape> shapes;
};

const ApiChapter& incidents_chapter();
const ApiChapter& silences_chapter();
const ApiChapter& gamedays_chapter();
const ApiChapter& on_call_chapter();
const ApiChapter& people_chapter();
const ApiChapter& tools_chapter();

std::vector<const ApiChapter*> api_chapters();

std::string openapi_json(std::string_view version);

}  // namespace tocsin::api

// Which handler answers a method and target. cpp-httplib decodes the target, takes the query apart
// and matches the patterns; routes.cpp is the only file that sees it, and it sees a request line
// and nothing else of a request.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "router/core/http.hpp"

namespace tocsin::front_door {

struct Routed {
  const HttpHandler* handler = nullptr;  // nothing: nobody answers this
  int status = 200;                      // why nobody does: 400 or 404
  std::string path;
  std::vector<std::string> matches;
  std::multimap<std::string, std::string> query;
};

class Routes {
 public:
  /// A pattern that is no regular expression, or a method nobody routes, is a bug of ours and ends
  /// the process.
  explicit Routes(std::vector<HttpRoute> routes);
  ~Routes();
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;

  /// HEAD is answered by the routes of GET. Any thread may call.
  Routed find(const std::string& method, const std::string& target) const;

  /// The methods that have a route for this target, "GET, HEAD, POST", for the header Allow; empty
  /// when none has.
  std::string methods_for(const std::string& target) const;

 private:
  class Library;
  Routed ask(const std::string& method, const std::string& target) const;
  void remember_plain();

  std::vector<HttpRoute> routes_;
  std::unique_ptr<Library> library_;
  // What the library answers for "POST /api/v2/alerts" and every other route whose pattern is a
  // path and nothing more: asked once, since asking costs as much as the rest of a request.
  std::unordered_map<std::string, Routed> plain_;
};

}  // namespace tocsin::front_door

#include "router/ingest/front_door/routes.hpp"

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <regex>
#include <string_view>

#include "router/core/result.hpp"

namespace tocsin::front_door {
namespace {

// A request line for the library to read, and a hole for the answer it writes. The functions are
// those of every version from 0.11 on, whose names changed: none says `override`, since each
// version knows only some of them. NOLINTBEGIN(modernize-use-override)
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view input) : input_(input) {}

  virtual bool is_readable() const { return true; }
  virtual bool is_writable() const { return true; }
  virtual bool wait_readable() const { return true; }
  virtual bool wait_writable() const { return true; }
  virtual ssize_t read(char* to, std::size_t size) {
    const auto taken = std::min(size, input_.size());
    std::memcpy(to, input_.data(), taken);
    input_.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  }
  virtual ssize_t write(const char* /*from*/, std::size_t size) {
    return static_cast<ssize_t>(size);
  }
  virtual void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const {}
  virtual void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const {}
  // Not a descriptor: the library answers 500 to any of 1024 or more.
  virtual socket_t socket() const { return INVALID_SOCKET; }
  virtual time_t duration() const { return 0; }

 private:
  std::string_view input_;
};
// NOLINTEND(modernize-use-override)

// What the library's handler found, for the find() that runs on this thread: the library passes no
// argument through.
thread_local Routed* found_here = nullptr;

// The same call in each version's form.
template <class Server>
void process(Server& server, MemoryStream& stream) {
  bool closed = false;
  if constexpr (requires { server.process_request(stream, true, closed, nullptr); })
    server.process_request(stream, true, closed, nullptr);
  else
    server.process_request(stream, std::string(), 0, std::string(), 0, true, closed, nullptr);
}

bool has_control_byte(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// "/-/ready" for "/-/ready/?"; nothing for a pattern that stands for more than one path. A plain
// path needs no decoding and has no query.
std::optional<std::string> plain_path(std::string_view pattern) {
  if (pattern.ends_with("/?")) pattern.remove_suffix(2);
  std::string path;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern.substr(i).starts_with("\\.")) continue;
    const char c = pattern[i];
    const bool escaped = c == '.' && i > 0 && pattern[i - 1] == '\\';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && !escaped && c != '/' && c != '-' && c != '_') return std::nullopt;
    path += c;
  }
  if (path.empty()) return std::nullopt;
  return path;
}

}  // namespace

class Routes::Library final : public httplib::Server {
 public:
  using httplib::Server::process_request;

  void add(const HttpRoute& route) {
    auto remember = [handler = &route.handler](const httplib::Request& request,
                                               httplib::Response& /*response*/) {
      found_here->handler = handler;
      found_here->path = request.path;
      for (std::size_t i = 1; i < request.matches.size(); ++i)
        found_here->matches.push_back(request.matches[i].str());
      found_here->query = {request.params.begin(), request.params.end()};
    };
    if (route.method == "GET")
      Get(route.pattern, remember);
    else if (route.method == "POST")
      Post(route.pattern, remember);
    else if (route.method == "PUT")
      Put(route.pattern, remember);
    else if (route.method == "PATCH")
      Patch(route.pattern, remember);
    else if (route.method == "DELETE")
      Delete(route.pattern, remember);
    else if (route.method == "OPTIONS")
      Options(route.pattern, remember);
    else
      TOCSIN_CHECK(false, "a route has a method nobody routes");
  }
};

Routes::Routes(std::vector<HttpRoute> routes)
    : routes_(std::move(routes)), library_(std::make_unique<Library>()) {
  for (const auto& route : routes_) {
    try {
      library_->add(route);
    } catch (const std::regex_error&) {
      TOCSIN_CHECK(false, "a route's pattern is no regular expression");
    }
  }
  // The library makes its tables at the first request: here, before there are threads.
  ask("GET", "/");
  remember_plain();
}

void Routes::remember_plain() {
  for (const auto& route : routes_)
    if (const auto path = plain_path(route.pattern))
      plain_.try_emplace(route.method + " " + *path, ask(route.method, *path));
}

Routes::~Routes() = default;

Routed Routes::find(const std::string& method, const std::string& target) const {
  const auto plain = plain_.find(method + " " + target);
  return plain != plain_.end() ? plain->second : ask(method, target);
}

Routed Routes::ask(const std::string& method, const std::string& target) const {
  Routed found;
  found_here = &found;
  // The length keeps the library from waiting for a body; the real one never passes through it.
  const std::string request =
      method + " " + target + " HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n";
  MemoryStream stream(request);
  try {
    process(*library_, stream);
  } catch (const std::regex_error&) {
    found = {};  // the library's matcher gives up on a path that costs it too much
  }
  found_here = nullptr;
  if (found.handler == nullptr) {
    found.status = 404;
  } else if (has_control_byte(found.path)) {
    found = {};
    found.status = 400;
  }
  return found;
}

std::string Routes::methods_for(const std::string& target) const {
  std::string methods;
  for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    if (find(method, target).handler == nullptr) continue;
    if (!methods.empty()) methods += ", ";
    methods += method == "GET" ? "GET, HEAD" : method;
  }
  return methods;
}

}  // namespace tocsin::front_door

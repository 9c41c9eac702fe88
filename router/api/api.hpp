// HTTP for people and tools: incidents, the page's own link, health and metrics.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "router/api/page_link.hpp"
#include "router/core/clock.hpp"
#include "router/core/http.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::api {

/// What each role may do: viewers read, responders change incidents as well, admins everything.
enum class Access : std::uint8_t { view = 0, respond = 1, administer = 2 };

struct Token {
  std::string name;  // who it is, in the timeline
  Access access = Access::view;
  std::string token;
};

/// The answer to /-/ready: ready, or why not.
struct Readiness {
  bool ready = true;
  std::string detail;
};

struct ApiDeps {
  std::function<Readiness()> readiness;
  std::function<std::string()> metrics;  // in Prometheus's text format
};

/// A change is answered 2xx once the turn that made it was read back, otherwise 503 after this
/// long.
inline constexpr Duration kCommandPatience = std::chrono::seconds(5);

class Api {
 public:
  Api(engine::Owner& owner, const Clock& clock, ApiDeps deps);

  std::vector<HttpRoute> routes();
  /// Nobody is let in and no link is good before the first call. Links that another secret signed
  /// are good no longer.
  void replace(std::shared_ptr<const std::vector<Token>> tokens, std::string link_secret);

  /// The link that lets `person` see and acknowledge this incident: the path, to be put behind the
  /// external URL.
  std::string page_path(const IncidentId& incident, const std::string& person, WallTime now) const;

 private:
  struct Caller {
    std::string name;
    Access access = Access::view;
  };
  Result<Caller> caller_of(const HttpRequest& request) const;
  std::string link_secret() const;
  Result<PageLink> link_of(const HttpRequest& request) const;
  HttpHandler guarded(Access needed,
                      std::function<void(const HttpRequest&, const Caller&, HttpReply)> handler);

  void list(const HttpRequest& request, const HttpReply& reply) const;
  void change(CommandKind kind, const HttpRequest& request, const std::string& by, HttpReply reply);
  void page_get(const HttpRequest& request, const HttpReply& reply) const;
  void page_post(const HttpRequest& request, HttpReply reply);

  engine::Owner& owner_;
  const Clock& clock_;
  const ApiDeps deps_;
  mutable std::mutex mutex_;  // of the two below
  std::shared_ptr<const std::vector<Token>> tokens_;
  std::string link_secret_;
};

}  // namespace tocsin::api

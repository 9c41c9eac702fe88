// HTTP for people and tools: incidents, silences, GameDays, who is on call, explanations, the
// page's own link, health and metrics.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "router/api/confirming.hpp"
#include "router/api/gap_gauges.hpp"
#include "router/api/history.hpp"
#include "router/api/listening.hpp"
#include "router/api/page_link.hpp"
#include "router/core/clock.hpp"
#include "router/core/http.hpp"
#include "router/engine/owner/owner.hpp"
#include "router/gameday/lever.hpp"

namespace tocsin::api {

/// What each role may do: viewers read, responders change incidents as well, admins everything.
enum class Access : std::uint8_t { view = 0, respond = 1, administer = 2 };

struct Token {
  std::string name;  // who it is, in the timeline
  Access access = Access::view;
  std::string token;
};

/// The answer to /-/ready: ready, perhaps with something to know all the same, or why not.
struct Readiness {
  bool ready = true;
  std::string detail;
};

struct ApiDeps {
  std::function<Readiness()> readiness;
  std::function<std::string()> metrics;  // in Prometheus's text format
  store::Store* store = nullptr;         // history; without it memory is all there is
  /// Puts the configuration on the disk in force, all or nothing. Returns what needs a restart;
  /// errors: every fault, a line each. By any thread.
  std::function<Result<std::string>()> reload = {};
  // For GameDays. By any thread; none may wait.
  std::function<std::shared_ptr<const engine::Configuration>()> configuration = {};
  Confirming::Members members = {};                           // none: this node is alone
  std::function<std::optional<gameday::Lever>()> lever = {};  // nothing: it is not pulled
  std::function<bool()> on_island = {};                       // this node decides by itself
  std::function<std::string()> external_url = {};  // what links begin with; by any thread
  std::string version = {};
  /// See ListeningDeps.
  std::function<void(const std::string& channel, const connectors::FollowUp&)> follow_up = {};
};

struct KnownSet;
struct OnCallView;
struct PeopleQuery;

/// A change is answered 2xx once the turn that made it was read back, otherwise 503 after this
/// long.
inline constexpr Duration kCommandPatience = std::chrono::seconds(5);

/// Of a note, or of a reason.
inline constexpr std::size_t kMostNoteBytes = 4u << 10;
inline constexpr std::size_t kMostPersonBytes = 256;

class Api {
 public:
  Api(engine::Commands& owner, const Clock& clock, ApiDeps deps);

  std::vector<HttpRoute> routes();
  /// Nobody is let in and no link is good before the first call. Links that another secret signed
  /// are good no longer.
  void replace(std::shared_ptr<const std::vector<Token>> tokens, std::string link_secret);

  /// By which channels answers come back.
  void replace(std::shared_ptr<const HeardChannels> channels) {
    listening_.replace(std::move(channels));
  }

  /// Answers those that wait for other nodes. By the owner's thread, after each of its steps.
  /// Returns how long nothing need be done unless the journal has something new.
  Duration step() { return confirming_.step(); }

  /// The link that lets `person` see and acknowledge this incident: the path, to be put behind the
  /// external URL.
  /// `message`: the one that the link is in.
  std::string page_path(const IncidentId& incident, const std::string& person, WallTime now,
                        const MessageId& message = {}) const;
  /// The path by which its provider says whether this attempt got through.
  std::string receipt_path(const IncidentId& incident, const MessageId& message,
                           std::uint32_t attempt, WallTime now) const;

  /// What a button of a page's message brings back.
  std::string press(const IncidentId& incident, WallTime now) const;
  /// The path to which a channel's provider brings it.
  static std::string answer_path(const std::string& channel) { return "/answers/" + channel; }

  /// The link by which somebody says that this message of a contact's test reached them: likewise.
  std::string contact_path(const NoticeId& test, const MessageId& message, WallTime now) const;

  /// Of every rota, for the metrics. By any thread; dear ones are kept for a while.
  std::vector<RotaGauge> rota_gauges();

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

  void add_incident_routes(std::vector<HttpRoute>& routes);
  void list(const HttpRequest& request, const HttpReply& reply) const;
  void show(const HttpRequest& request, const HttpReply& reply) const;
  void change(const HttpRequest& request, Command command, HttpReply reply);
  void report(const HttpRequest& request, const Caller& caller, HttpReply reply);

  void add_silence_routes(std::vector<HttpRoute>& routes);
  void list_silences(const HttpRequest& request, const HttpReply& reply) const;
  void set_silence(const HttpRequest& request, const Caller& caller, HttpReply reply);
  void end_silence(const HttpRequest& request, const Caller& caller, HttpReply reply);
  void submit(const Control& fact, const SilenceId& id, int status, HttpReply reply);
  std::optional<control::Silence> find_silence(const SilenceId& id) const;
  /// Like no record's: what ids of facts are made of.
  RecordId fresh_record_id();

  void add_oncall_routes(std::vector<HttpRoute>& routes);
  OnCallView on_call_view() const;
  std::string external(const std::string& path) const;
  void list_on_call(const HttpRequest& request, const HttpReply& reply) const;
  void show_rota(const HttpRequest& request, const HttpReply& reply) const;
  void list_overrides(const HttpRequest& request, const HttpReply& reply) const;
  void make_override(const HttpRequest& request, const Caller& caller, HttpReply reply);
  void end_override(const HttpRequest& request, const Caller& caller, HttpReply reply);
  void submit(const Control& fact, const OverrideId& id, int status, HttpReply reply);

  void add_people_routes(std::vector<HttpRoute>& routes);
  ContactBook contact_book() const;
  static Result<PeopleQuery> people_query(const HttpRequest& request, const Caller& caller);
  void list_people(const HttpRequest& request, const Caller& caller, const HttpReply& reply) const;
  void show_person(const HttpRequest& request, const Caller& caller, const HttpReply& reply) const;
  void test_contacts(const HttpRequest& request, const Caller& caller, HttpReply reply);
  void show_contact_test(const HttpRequest& request, const Caller& caller,
                         const HttpReply& reply) const;
  Result<Contact> tested_contact(const HttpRequest& request) const;
  void contact_get(const HttpRequest& request, const HttpReply& reply) const;
  void contact_post(const HttpRequest& request, HttpReply reply);

  void add_calendar_routes(std::vector<HttpRoute>& routes);
  std::string calendar_url(std::string_view kind, const std::string& name) const;
  void show_calendar(const HttpRequest& request, std::string_view kind,
                     const HttpReply& reply) const;

  void add_gameday_routes(std::vector<HttpRoute>& routes);
  std::shared_ptr<const engine::Configuration> configured() const;
  std::optional<gameday::Lever> lever() const;
  std::vector<KnownSet> known_sets(const engine::Configuration& configuration) const;
  Result<KnownSet> known_set(const std::string& name,
                             const engine::Configuration& configuration) const;
  std::vector<engine::Incident> drills_of(const std::string& set, std::uint32_t run) const;
  void list_gamedays(const HttpRequest& request, const HttpReply& reply) const;
  void show_gameday(const HttpRequest& request, const HttpReply& reply) const;
  void report_gameday(const HttpRequest& request, const HttpReply& reply) const;
  void turn_on(const HttpRequest& request, const Caller& caller, HttpReply reply);
  /// All, without a name.
  void turn_off(const HttpRequest& request, const Caller& caller, const std::string& name,
                HttpReply reply);
  void are_off(const std::vector<std::string>& names, bool all, Position at, HttpReply reply);
  HttpResponse not_on(const engine::CommandAnswer& answer) const;
  HttpResponse not_off(const engine::CommandAnswer& answer) const;

  void add_tool_routes(std::vector<HttpRoute>& routes);
  void describe(const HttpReply& reply);
  void explain(const HttpRequest& request, const HttpReply& reply);
  Result<std::shared_ptr<const engine::Configuration>> configuration(const std::string& hash);
  void reload(const HttpReply& reply) const;

  void page_get(const HttpRequest& request, const HttpReply& reply) const;
  void page_post(const HttpRequest& request, HttpReply reply);
  void take_receipt(const HttpRequest& request, HttpReply reply);
  void press(const PageLink& link, const engine::IncidentView& view, Command command,
             HttpReply reply);

  engine::Commands& owner_;
  const Clock& clock_;
  const ApiDeps deps_;
  const History history_;
  Listening listening_;
  Confirming confirming_;
  std::atomic<std::uint64_t> facts_made_{0};
  GapGauges gap_gauges_;
  std::once_flag described_;
  std::string description_;
  mutable std::mutex mutex_;  // of those below
  std::shared_ptr<const std::vector<Token>> tokens_;
  std::string link_secret_;
  // The last that an explanation needed: reading one is not cheap.
  std::string explained_by_;
  std::shared_ptr<const engine::Configuration> explaining_;
};

}  // namespace tocsin::api

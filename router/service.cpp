#include "router/service.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <thread>

#include "connectors/wire/http_client.hpp"
#include "router/api/alertmanager_view.hpp"
#include "router/api/incident_json.hpp"
#include "router/engine/configuration_codec.hpp"
#include "router/known_alert.hpp"
#include "router/last_good.hpp"
#include "router/rooms.hpp"

namespace tocsin {
namespace {

constexpr Duration kDrain = std::chrono::seconds(5);
constexpr Duration kHandOver = std::chrono::seconds(3);
constexpr auto kHandOverCheck = std::chrono::milliseconds(10);
constexpr Duration kStuckAfter = std::chrono::seconds(15);
constexpr std::uint64_t kMostLag = 100'000;
/// For what a sender's protocol has to be fetched for: its sender waits for about so long.
constexpr Duration kFetchBudget = std::chrono::seconds(8);

Result<std::string> fetch(const std::string& url) {
  wire::OutgoingRequest request;
  request.method = "GET";
  request.url = url;
  TOCSIN_TRY(const wire::Answer answer, wire::send(request, kFetchBudget));
  if (answer.status != 200)
    return unavailable("the sender's own server answered HTTP " + std::to_string(answer.status));
  return answer.body;
}

Result<Configured> load(Result<std::vector<settings::File>> files) {
  if (!files) return files.error();
  auto loaded =
      settings::load(*files, vocabulary(), settings::process_environment(), settings::Unset::fault);
  // What only a channel or a hook understands, before anything of it is in force.
  if (loaded.settings) loaded.faults = connector_faults(*loaded.settings);
  if (loaded.faults.empty()) return Configured{std::move(*files), std::move(*loaded.settings)};
  std::string all;
  for (const settings::Fault& fault : loaded.faults)
    all += (all.empty() ? "" : "\n") + fault.text();
  return invalid(std::move(all));
}

void log_error(const std::string& what, const std::string& lines) {
  spdlog::error("{}:", what);
  for (std::size_t from = 0; from < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', from), lines.size());
    spdlog::error("{}", lines.substr(from, end - from));
    from = end + 1;
  }
}

struct Address {
  std::string host;
  std::uint16_t port;
};

Result<Address> address_of(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::uint16_t port = 0;
  const char* const end = listen.data() + listen.size();
  const auto read = colon == std::string::npos
                        ? std::from_chars_result{end, std::errc::invalid_argument}
                        : std::from_chars(listen.data() + colon + 1, end, port);
  if (read.ec != std::errc() || read.ptr != end)
    return invalid("listen: " + listen + " is not HOST:PORT");
  std::string host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return Address{std::move(host), port};
}

// A page on the terminal goes out whole, whatever else is printed.
bool print(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  const bool flushed = std::fflush(stdout) == 0;
  if (!written || !flushed) std::clearerr(stdout);
  return written && flushed;
}

}  // namespace

// For a pager, not to start because of somebody's half-edited file is the wrong silence. Whoever
// starts it for the first time sees the faults instead.
Result<Configured> Service::Rooms::load_at_start() {
  auto asked = load(settings::read_directory(options.config));
  const LastGood last_good(options.data);
  const bool falls_back = !asked && !options.strict && last_good.exists();
  if (!asked && !falls_back) return asked.error();
  TOCSIN_TRY(auto opened, DataDirectory::open(options.data));
  data = std::make_unique<DataDirectory>(std::move(opened));
  if (asked) return asked;
  auto kept = load(last_good.files());
  if (!kept)
    return invalid(asked.error().message + "\nand the last good configuration, in " +
                   last_good.path().string() + ", does not load either:\n" + kept.error().message);
  log_error("the configuration in " + options.config +
                " has faults; tocsin starts with the last "
                "good one, in " +
                last_good.path().string() + "; mend these, and reload",
            asked.error().message);
  in_force_is("the configuration in " + options.config +
              " has faults; the last good one is in force since the start; run tocsin check");
  return kept;
}

void Service::Rooms::keep(const std::vector<settings::File>& files) {
  if (const Status kept = LastGood(data->path()).keep(files); !kept)
    spdlog::warn("{}; a start with a broken configuration will not have this one to fall back on",
                 kept.error().message);
}

void Service::Rooms::in_force_is(std::string why_not) {
  const std::lock_guard lock(mutex);
  not_in_force = std::move(why_not);
}

Status Service::Rooms::build() {
  lanes = std::make_unique<delivery::LaneRunner>();
  delivery = std::make_unique<delivery::Delivery>(
      *state, *journal, clock, *mint, *lanes,
      [this](const auto& view, const auto& message, WallTime now) {
        return links(view, message, now);
      },
      metrics);
  engine::OwnerExtras extras = owner_extras();
  if (spooled) {
    TOCSIN_TRY(std::string node, data->node());
    extras.membership = engine::MembershipOptions{std::move(node), settings.server.node_url};
  }
  owner = std::make_unique<engine::Owner>(*journal, clock, *mint, *state,
                                          make_configuration(settings), *delivery, reports, extras);
  if (spooled) {
    TOCSIN_TRY([[maybe_unused]] const Unit made, build_island());
  }
  ingest = std::make_unique<ingest::Ingest>(
      *journal, clock, *mint, metrics,
      [this](Partition partition, const std::string& integration, const Alert& alert) {
        // What a spool holds for hours must not refer to what may be forgotten meanwhile.
        const bool behind =
            owner->lag() > static_cast<std::uint64_t>(ingest::kMostUnderWayForResends) ||
            (spooled && spooled->is_spooling());
        return behind ? AlertId{} : state->resend_of(partition, integration, alert);
      },
      fetch,
      [this](const HttpRequest& request, const std::string& integration) {
        const Partition p = journal::partition_of(integration, journal->partitions());
        return api::alertmanager_alerts(request,
                                        state->firing(p, integration, api::kMostShownAlerts));
      },
      [this](const std::string& integration, const std::string& key) {
        const Partition p = journal::partition_of(integration, journal->partitions());
        return known_alert(*state, p, integration, key);
      },
      [this](Partition partition, const std::string& integration) {
        const auto undecided = state->undecided_alerts(partition, integration);
        return ingest::Undecided{undecided.alerts, undecided.of_integration};
      },
      [this](Partition partition, const std::string& integration, const std::string& key) {
        return firing_word(*state, partition, integration, key);
      });
  build_api();
  TOCSIN_TRY([[maybe_unused]] const Unit in_force, put_in_force(std::move(settings)));
  journal->on_commit([this] { wake.ring(); });
  const Instant before = clock.now();
  const Status replayed = owner->replay();
  // A journal that is away may come later; until then alerts go to the spool.
  if (!replayed && (!spooled || replayed.error().kind != ErrorKind::unavailable))
    return replayed.error();
  if (!replayed) return ok();
  const engine::NodeState::Counts counts = state->counts();
  spdlog::info("folded the journal in {}: {} alerts, {} inputs to decide",
               format_duration(clock.now().elapsed - before.elapsed), counts.alerts,
               counts.pending_inputs);
  return ok();
}

Status Service::Rooms::listen() {
  TOCSIN_TRY(const Address address,
             address_of(options.listen.empty() ? settings.server.listen : options.listen));
  std::vector<HttpRoute> routes = ingest->routes();
  for (HttpRoute& route : api->routes()) routes.push_back(std::move(route));
  owner_thread = std::make_unique<OwnerThread>([this] { return step(); }, *delivery, clock, wake);
  front_door =
      std::make_unique<front_door::FrontDoor>(clock, front_door::Limits{}, std::move(routes),
                                              [this](std::string_view target, const auto& headers) {
                                                return ingest->flow_of(target, headers);
                                              });
  host = address.host;
  TOCSIN_TRY(port, front_door->listen(address.host, address.port));
  return ok();
}

Status Service::Rooms::put_in_force(settings::Settings fresh) {
  TOCSIN_TRY(auto channels, make_channels(fresh, {print}));
  TOCSIN_TRY(auto hooks, make_hooks(fresh));
  std::string secret = fresh.server.secret;
  if (secret.empty()) {
    TOCSIN_TRY(secret, data->secret());
  }
  const auto configuration = make_configuration(fresh);
  projector->keep_configuration(configuration->hash, engine::encode(*configuration));
  delivery->replace(std::move(channels));
  delivery->replace(std::move(hooks));
  ingest->replace(make_integrations(fresh));
  api->replace(make_tokens(fresh), std::move(secret));
  api->replace(make_heard(fresh));
  if (island)
    island->reconfigure(configuration);
  else
    owner->reconfigure(configuration);
  {
    const std::lock_guard lock(mutex);
    external_url = fresh.server.external_url;
  }
  settings = std::move(fresh);
  return ok();
}

api::Readiness Service::Rooms::readiness() const {
  api::Readiness said = readiness_to_serve();
  const auto pulled = LeverFile(data->path()).read();
  if (!pulled || !said.ready) return said;
  said.detail =
      said.detail.empty() ? "OK; " + sentence(*pulled) : said.detail + "; " + sentence(*pulled);
  return said;
}

api::Readiness Service::Rooms::readiness_to_serve() const {
  if (const std::string trouble = journal->trouble(); !trouble.empty())
    return {false, "the journal: " + trouble};
  if (owner_thread && clock.now().elapsed - owner_thread->last_step() > kStuckAfter)
    return {false, "the engine has not moved for " + format_duration(kStuckAfter)};
  if (owner->lag() > kMostLag)
    return {false, "the engine is behind by " + std::to_string(owner->lag()) + " records"};
  if (island && island->on_since())
    return {true,
            "OK; the journal is away, and this node decides what it accepts and pages by "
            "itself since " +
                format_rfc3339(*island->on_since()) + ": " + spooled->main_trouble()};
  if (spooled && !spooled->main_trouble().empty())
    return {true,
            "OK for alerts, which are kept on this node's disk; pages wait for journal."
            "island_after: the journal: " +
                spooled->main_trouble()};
  std::string said;
  {
    const std::lock_guard lock(mutex);
    said = not_in_force.empty() ? weaknesses : not_in_force;
  }
  if (const std::string damage = reports.damage(); !damage.empty())
    said = (said.empty() ? "OK" : said) + "; " + damage;
  return {true, said};
}

std::string Service::Rooms::metrics_text() {
  bool in_force = true;
  {
    const std::lock_guard lock(mutex);
    in_force = not_in_force.empty();
  }
  Gauges gauges{state->counts(),
                owner->lag(),
                front_door ? front_door->counts() : front_door::Counts{},
                {},
                in_force};
  if (spooled) {
    const auto members = owner->members();
    const auto counts = spooled->counts().forwarding;
    const auto alive =
        std::count_if(members.begin(), members.end(), [](auto& m) { return m.lives; });
    gauges.cluster = {static_cast<std::size_t>(alive), owner->held(), counts.waiting,
                      counts.set_aside, island->on_since().has_value()};
  }
  gauges.rotas = api->rota_gauges();
  return metrics.text(gauges);
}

delivery::Links Service::Rooms::links(const engine::IncidentView& view,
                                      const engine::MessageState& message, WallTime now) const {
  std::string base;
  {
    const std::lock_guard lock(mutex);
    base = external_url;
  }
  delivery::Links links;
  if (message.kind == MessageKind::page) {
    const IncidentId& id = view.incident.id;
    links.acknowledge_url = base + api->page_path(id, message.contact.person, now, message.id);
    links.receipt_url = base + api->receipt_path(id, message.id, message.attempt, now);
    links.press = api->press(id, now);
    links.answer_url = base + api::Api::answer_path(message.contact.channel);
  }
  if (message.kind == MessageKind::bundle && view.bundle)
    for (const engine::BundledIncident& each : view.bundle->named)
      links.bundled.push_back(
          base + api->page_path(each.incident, message.contact.person, now, each.message));
  if (message.kind == MessageKind::contact_test)
    links.acknowledge_url = base + api->contact_path({view.incident.id.text}, message.id, now);
  if (!is_bundle(message.kind) && !is_of_notice(message.kind))
    links.incident_json = api::incident_json(view);
  return links;
}

Result<std::unique_ptr<Service>> Service::start(const ServeOptions& options) {
  auto rooms = std::make_unique<Rooms>();
  rooms->options = options;
  TOCSIN_TRY(auto configured, rooms->load_at_start());
  rooms->settings = std::move(configured.settings);
  rooms->running = rooms->settings;
  std::unique_ptr<Service> service(new Service(std::move(rooms)));
  TOCSIN_TRY([[maybe_unused]] const Unit opened, service->rooms_->open_journal());
  TOCSIN_TRY([[maybe_unused]] const Unit remembered, service->rooms_->open_store());
  TOCSIN_TRY([[maybe_unused]] const Unit built, service->rooms_->build());
  // A reload that comes at once waits, or its copy would be replaced by this one.
  const std::lock_guard lock(service->rooms_->reloading);
  TOCSIN_TRY([[maybe_unused]] const Unit listening, service->rooms_->listen());
  if (service->rooms_->not_in_force.empty()) service->rooms_->keep(configured.files);
  return service;
}

Service::Service(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}
Service::~Service() { stop(); }

std::string Service::host() const { return rooms_->host; }
std::uint16_t Service::port() const { return rooms_->port; }

Result<std::string> Service::reload() { return rooms_->reload(); }

Result<std::string> Service::Rooms::reload() {
  const std::lock_guard lock(reloading);
  auto configured = load(settings::read_directory(options.config));
  if (!configured) {
    in_force_is("the configuration in " + options.config +
                " has faults; the one before stays in force; run tocsin check");
    return configured.error();
  }
  settings::Settings fresh = std::move(configured->settings);
  // With what runs, not with what was loaded last: a change that waits for a restart goes on
  // waiting.
  std::string restart;
  const auto compare = [&](bool same, const char* what) {
    if (!same) restart += (restart.empty() ? "" : "; ") + std::string(what) + " needs a restart";
  };
  compare(fresh.server.listen == running.server.listen, "server.listen");
  compare(fresh.server.node_url == running.server.node_url, "server.node_url");
  compare(fresh.journal.type == running.journal.type &&
              fresh.journal.path == running.journal.path &&
              fresh.journal.kafka == running.journal.kafka,
          "journal");
  compare(fresh.store == running.store, "store");
  TOCSIN_TRY([[maybe_unused]] const Unit in_force, put_in_force(std::move(fresh)));
  in_force_is("");
  keep(configured->files);
  return restart;
}

// The other nodes go on at once with what this one leaves.
void Service::Rooms::hand_over() {
  owner->leave();
  wake.ring();
  const Duration until = clock.now().elapsed + kHandOver;
  while (!owner->has_left() && owner->has_others() && clock.now().elapsed < until)
    std::this_thread::sleep_for(kHandOverCheck);
}

void Service::stop() {
  Rooms& r = *rooms_;
  if (!r.journal) return;
  if (r.front_door) r.front_door->stop(kDrain);
  if (r.spooled && r.owner_thread && !r.island->on_since()) r.hand_over();
  r.owner_thread.reset();
  r.lanes.reset();  // waits for attempts under way; their results go to the journal
  if (r.spooled && r.owner) r.owner->farewell();
  r.journal.reset();  // waits for appends; their callbacks use what follows
  r.front_door.reset();
  r.api.reset();
  r.lever.reset();
  r.ingest.reset();
  r.island.reset();
  r.owner.reset();
  r.projector.reset();  // saves what there is
  r.delivery.reset();
  r.store.reset();
  r.data.reset();
}

}  // namespace tocsin

#include "router/service.hpp"

#include <spdlog/spdlog.h>

#include <charconv>
#include <cstdio>
#include <mutex>

#include "connectors/journals/sqlite_journal.hpp"
#include "connectors/stores/redis_store.hpp"
#include "connectors/stores/sqlite_store.hpp"
#include "router/api/incident_json.hpp"
#include "router/black_box.hpp"
#include "router/configuration.hpp"
#include "router/data_directory.hpp"
#include "router/engine/configuration_codec.hpp"
#include "router/ingest/front_door/front_door.hpp"
#include "router/metrics.hpp"
#include "router/owner_thread.hpp"
#include "router/projector.hpp"

namespace tocsin {
namespace {

constexpr Duration kDrain = std::chrono::seconds(5);
constexpr Duration kStuckAfter = std::chrono::seconds(15);
constexpr std::uint64_t kMostLag = 100'000;
constexpr std::size_t kStoreNameBytes = 16;

void warn(const std::string& words) { spdlog::warn("{}", words); }

Result<settings::Settings> load(const std::string& directory) {
  TOCSIN_TRY(const auto files, settings::read_directory(directory));
  auto loaded =
      settings::load(files, vocabulary(), settings::process_environment(), settings::Unset::fault);
  if (loaded.settings) return std::move(*loaded.settings);
  std::string all;
  for (const settings::Fault& fault : loaded.faults)
    all += (all.empty() ? "" : "\n") + fault.text();
  return invalid(std::move(all));
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

/// Whoever wants to hear of what the owner does.
class OwnerReports final : public engine::OwnerEvents {
 public:
  explicit OwnerReports(Metrics& metrics) : metrics_(metrics) {}
  /// Before the owner's first step.
  void tell(Projector& projector) { projector_ = &projector; }

  void decided(const Decision& decision) override { metrics_.decided(decision); }
  void set_aside(const effect::SetAside& input) override { metrics_.set_aside(input); }
  void damaged(const journal::Damage& damage) override { metrics_.damaged(damage); }
  void void_turn(Partition partition) override { metrics_.void_turn(partition); }
  void trouble(const std::string& what) override { metrics_.trouble(what); }
  void failed(const std::string& why) override { metrics_.failed(why); }
  void closed(const engine::IncidentView& view) override { projector_->closed(view); }

 private:
  Metrics& metrics_;
  Projector* projector_ = nullptr;
};

// In the order of their making; stop() takes them down by hand, since the journal must be closed
// before what its callbacks use.
struct Service::Rooms {
  ServeOptions options;
  SystemClock clock;
  settings::Settings settings;  // in force; of whoever starts, or holds `reloading`
  settings::Settings running;   // what of it needs a restart, as it was at the start
  mutable std::mutex mutex;     // of the next
  std::string external_url;     // read by the lanes
  std::unique_ptr<DataDirectory> data;
  std::string host;
  std::uint16_t port = 0;
  Metrics metrics;
  OwnerReports reports{metrics};
  Wake wake;
  std::mutex reloading;  // one at a time
  std::unique_ptr<Mint> mint;
  std::unique_ptr<MappedBlackBox> black_box;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<engine::NodeState> state;
  std::unique_ptr<Projector> projector;
  std::unique_ptr<delivery::LaneRunner> lanes;
  std::unique_ptr<delivery::Delivery> delivery;
  std::unique_ptr<engine::Owner> owner;
  std::unique_ptr<ingest::Ingest> ingest;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<OwnerThread> owner_thread;
  std::unique_ptr<front_door::FrontDoor> front_door;

  Status open_journal();
  Status open_store();
  Result<std::unique_ptr<store::Store>> make_store();
  Status build();
  Status listen();
  Status put_in_force(settings::Settings fresh);
  Result<std::string> reload();
  api::Readiness readiness() const;
  std::string metrics_text();
  delivery::Links links(const engine::IncidentView& view, const engine::MessageState& message,
                        WallTime now) const;
};

Status Service::Rooms::open_journal() {
  journal::SqliteOptions sqlite;
  sqlite.directory = data->path() / settings.journal.path;
  sqlite.make_identity = [] { return random_hex(16); };
  TOCSIN_TRY(journal, journal::open_sqlite_journal(sqlite, clock));
  mint = std::make_unique<Mint>(random_number(), journal->partitions());
  return ok();
}

// A store that cannot be opened is no reason not to page: it can be made again from the journal,
// but a mistake in its path is one to be told of now. A Redis may come later.
Result<std::unique_ptr<store::Store>> Service::Rooms::make_store() {
  if (settings.store.type == "redis") {
    const settings::RedisAddress& address = settings.store.redis;
    store::RedisStoreOptions redis;
    redis.host = address.host;
    redis.port = address.port;
    redis.user = address.user;
    redis.password = address.password;
    redis.database = address.database;
    redis.prefix = settings.store.prefix;
    redis.identity = journal->identity();
    redis.make_name = [] { return random_hex(kStoreNameBytes); };
    redis.tell = warn;
    return store::open_redis_store(redis, clock);
  }
  store::SqliteStoreOptions sqlite;
  sqlite.path = data->path() / settings.store.path;
  sqlite.identity = journal->identity();
  sqlite.tell = warn;
  return store::open_sqlite_store(sqlite);
}

Status Service::Rooms::open_store() {
  TOCSIN_TRY(store, make_store());
  TOCSIN_TRY(black_box, MappedBlackBox::open(data->path() / "deciding"));
  state = std::make_unique<engine::NodeState>(journal->partitions());
  restore(*store, *journal, *state, warn);
  projector = std::make_unique<Projector>(*store, *state, clock, warn);
  reports.tell(*projector);
  return ok();
}

Status Service::Rooms::build() {
  lanes = std::make_unique<delivery::LaneRunner>();
  delivery = std::make_unique<delivery::Delivery>(
      *state, *journal, clock, *mint, *lanes,
      [this](const auto& view, const auto& message, WallTime now) {
        return links(view, message, now);
      },
      metrics);
  owner = std::make_unique<engine::Owner>(*journal, clock, *mint, *state,
                                          make_configuration(settings), *delivery, reports,
                                          engine::OwnerExtras{black_box.get(), options.decide});
  ingest = std::make_unique<ingest::Ingest>(
      *journal, clock, *mint, metrics,
      [this](Partition partition, const std::string& integration, const Alert& alert) {
        const bool behind =
            owner->lag() > static_cast<std::uint64_t>(ingest::kMostUnderWayForResends);
        return behind ? AlertId{} : state->resend_of(partition, integration, alert);
      });
  api = std::make_unique<api::Api>(
      *owner, clock,
      api::ApiDeps{[this] { return readiness(); }, [this] { return metrics_text(); }, store.get(),
                   [this] { return reload(); }});
  TOCSIN_TRY([[maybe_unused]] const Unit in_force, put_in_force(std::move(settings)));
  journal->on_commit([this] { wake.ring(); });
  const Instant before = clock.now();
  TOCSIN_TRY([[maybe_unused]] const Unit replayed, owner->replay());
  projector->start();
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
  owner_thread = std::make_unique<OwnerThread>(*owner, *delivery, clock, wake);
  front_door =
      std::make_unique<front_door::FrontDoor>(clock, front_door::Limits{}, std::move(routes));
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
  owner->reconfigure(configuration);
  {
    const std::lock_guard lock(mutex);
    external_url = fresh.server.external_url;
  }
  settings = std::move(fresh);
  return ok();
}

api::Readiness Service::Rooms::readiness() const {
  if (const std::string trouble = journal->trouble(); !trouble.empty())
    return {false, "the journal: " + trouble};
  if (owner_thread && clock.now().elapsed - owner_thread->last_step() > kStuckAfter)
    return {false, "the engine has not moved for " + format_duration(kStuckAfter)};
  if (owner->lag() > kMostLag)
    return {false, "the engine is behind by " + std::to_string(owner->lag()) + " records"};
  return {true, ""};
}

std::string Service::Rooms::metrics_text() {
  return metrics.text(
      {state->counts(), owner->lag(), front_door ? front_door->counts() : front_door::Counts{}});
}

delivery::Links Service::Rooms::links(const engine::IncidentView& view,
                                      const engine::MessageState& message, WallTime now) const {
  std::string base;
  {
    const std::lock_guard lock(mutex);
    base = external_url;
  }
  delivery::Links links;
  if (message.kind == MessageKind::page)
    links.acknowledge_url = base + api->page_path(view.incident.id, message.contact.person, now);
  links.incident_json = api::incident_json(view);
  return links;
}

Result<std::unique_ptr<Service>> Service::start(const ServeOptions& options) {
  auto rooms = std::make_unique<Rooms>();
  rooms->options = options;
  TOCSIN_TRY(rooms->settings, load(options.config));
  rooms->running = rooms->settings;
  TOCSIN_TRY(auto data, DataDirectory::open(options.data));
  rooms->data = std::make_unique<DataDirectory>(std::move(data));
  std::unique_ptr<Service> service(new Service(std::move(rooms)));
  TOCSIN_TRY([[maybe_unused]] const Unit opened, service->rooms_->open_journal());
  TOCSIN_TRY([[maybe_unused]] const Unit remembered, service->rooms_->open_store());
  TOCSIN_TRY([[maybe_unused]] const Unit built, service->rooms_->build());
  TOCSIN_TRY([[maybe_unused]] const Unit listening, service->rooms_->listen());
  return service;
}

Service::Service(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}
Service::~Service() { stop(); }

std::string Service::host() const { return rooms_->host; }
std::uint16_t Service::port() const { return rooms_->port; }

Result<std::string> Service::reload() { return rooms_->reload(); }

Result<std::string> Service::Rooms::reload() {
  const std::lock_guard lock(reloading);
  TOCSIN_TRY(auto fresh, load(options.config));
  // With what runs, not with what was loaded last: a change that waits for a restart goes on
  // waiting.
  std::string restart;
  const auto compare = [&](bool same, const char* what) {
    if (!same) restart += (restart.empty() ? "" : "; ") + std::string(what) + " needs a restart";
  };
  compare(fresh.server.listen == running.server.listen, "server.listen");
  compare(fresh.journal.type == running.journal.type && fresh.journal.path == running.journal.path,
          "journal");
  compare(fresh.store == running.store, "store");
  TOCSIN_TRY([[maybe_unused]] const Unit in_force, put_in_force(std::move(fresh)));
  return restart;
}

void Service::stop() {
  Rooms& r = *rooms_;
  if (!r.journal) return;
  if (r.front_door) r.front_door->stop(kDrain);
  r.owner_thread.reset();
  r.lanes.reset();    // waits for attempts under way; their results go to the journal
  r.journal.reset();  // waits for appends; their callbacks use what follows
  r.front_door.reset();
  r.api.reset();
  r.ingest.reset();
  r.owner.reset();
  r.projector.reset();  // saves what there is
  r.delivery.reset();
  r.store.reset();
  r.data.reset();
}

}  // namespace tocsin

// The rooms that keep things: the journal, with what its type needs, the store and the island
// beside it; and what asks them.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>

#include "connectors/stores/redis_store.hpp"
#include "connectors/stores/sqlite_store.hpp"
#include "connectors/wire/http_client.hpp"
#include "router/disk/data_names.hpp"
#include "router/rooms.hpp"

namespace tocsin {
namespace {

constexpr std::size_t kStoreNameBytes = 16;
constexpr Duration kFollowUpBudget = std::chrono::seconds(5);
constexpr std::ptrdiff_t kMostBoots = 20;  // of this node, remembered

void warn(const std::string& words) { spdlog::warn("{}", words); }

}  // namespace

void OwnerReports::held(Partition partition, bool by_this_node) {
  spdlog::info("partition {} is {}", partition, by_this_node ? "decided here" : "another node's");
}

void OwnerReports::damaged(const journal::Damage& damage) {
  metrics_.damaged(damage);
  const std::lock_guard lock(mutex_);
  if (damages_++ == 0) first_damage_ = damage.where + ": " + damage.what;
}

std::string OwnerReports::damage() const {
  const std::lock_guard lock(mutex_);
  if (damages_ == 0) return "";
  return "the journal is damaged in " + std::to_string(damages_) +
         (damages_ == 1 ? " place: " : " places, which the log names; the first: ") + first_damage_;
}

Status Service::Rooms::open_journal() {
  const auto note_weaknesses = [this](const std::vector<std::string>& all) {
    std::string text;
    for (const std::string& each : all) {
      spdlog::warn("the journal: {}", each);
      text += (text.empty() ? "OK; the journal: " : "; ") + each;
    }
    const std::lock_guard lock(mutex);
    weaknesses = std::move(text);
  };
  TOCSIN_TRY(auto opened,
             tocsin::open_journal(settings.journal, *data, clock, {warn, note_weaknesses}));
  journal = std::move(opened.journal);
  spooled = opened.spooled;
  journal_identity = std::move(opened.identity);
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
    redis.identity = journal_identity;
    redis.make_name = [] { return random_hex(kStoreNameBytes); };
    redis.tell = warn;
    return store::open_redis_store(redis, clock);
  }
  store::SqliteStoreOptions sqlite;
  sqlite.path = data->path() / settings.store.path;
  sqlite.identity = journal_identity;
  sqlite.tell = warn;
  return store::open_sqlite_store(sqlite);
}

Status Service::Rooms::open_store() {
  TOCSIN_TRY(store, make_store());
  TOCSIN_TRY(black_box, MappedBlackBox::open(data->path() / kBlackBoxFile));
  state = std::make_unique<engine::NodeState>(journal->partitions());
  restore(*store, *journal, *state, warn);
  state->set_lever([file = LeverFile(data->path())] { return file.is_pulled(); });
  projector = std::make_unique<Projector>(*store, *state, clock, warn);
  reports.tell(*projector);
  return ok();
}

engine::OwnerExtras Service::Rooms::owner_extras() const {
  return {black_box.get(), options.decide};
}

// Everything that comes into the spool is an island's to read.
Status Service::Rooms::build_island() {
  island::IslandOptions island_options;
  island_options.after = settings.journal.kafka.island_after;
  std::string known = data->remembered(kBootFile);
  std::replace(known.begin(), known.end(), ',', ' ');
  std::istringstream before(known);
  for (std::uint64_t boot = 0; before >> boot;) island_options.earlier_boots.push_back(boot);
  auto& boots = island_options.earlier_boots;
  if (std::ssize(boots) > kMostBoots) boots.erase(boots.begin(), boots.end() - kMostBoots);
  std::string all;
  for (const std::uint64_t boot : boots) all += std::to_string(boot) + ",";
  TOCSIN_TRY([[maybe_unused]] const Unit kept,
             data->remember(kBootFile, all + std::to_string(mint->boot())));
  island_options.tell = [](const std::string& line) { spdlog::warn("{}", line); };
  island_options.changed = [this](bool on) { projector->pause(on); };
  island = std::make_unique<island::Island>(
      island_options, *owner, *state, *spooled, island::IslandFile(data->path() / kIslandFile),
      clock, *mint, [this](journal::Journal& its, engine::Island told) {
        engine::OwnerExtras extras = owner_extras();
        extras.island = std::move(told);
        return std::make_shared<engine::Owner>(its, clock, *mint, *state, owner->configuration(),
                                               *delivery, reports, extras);
      });
  spooled->on_spool_commit([this] { wake.ring(); });
  return ok();
}

void Service::Rooms::build_api() {
  engine::Commands& commands = island ? static_cast<engine::Commands&>(*island) : *owner;
  const LeverFile file(data->path());
  lever = std::make_unique<LeverWatch>(file, commands, clock, warn);
  api::ApiDeps deps{[this] { return readiness(); }, [this] { return metrics_text(); }, store.get(),
                    [this] { return reload(); }};
  deps.version = TOCSIN_VERSION;
  deps.configuration = [this] { return owner->configuration(); };
  deps.members = [this] { return owner->members(); };
  deps.lever = [file] { return file.read(); };
  deps.on_island = [this] { return island && island->on_since().has_value(); };
  deps.external_url = [this] {
    const std::lock_guard lock(mutex);
    return external_url;
  };
  deps.follow_up = [this](const std::string& channel, const connectors::FollowUp& more) {
    follow_up(channel, more);
  };
  api = std::make_unique<api::Api>(commands, clock, std::move(deps));
}

// A provider's own message is to show what became of it: nobody waits for that, and nothing hangs
// on it.
void Service::Rooms::follow_up(const std::string& channel, const connectors::FollowUp& more) {
  if (!lanes) return;  // tocsin stops
  lanes->run("answers:" + channel, [channel, more] {
    wire::OutgoingRequest request;
    request.url = more.url;
    request.headers = more.headers;
    request.body = more.body;
    const auto answer = wire::send(request, kFollowUpBudget);
    if (!answer)
      spdlog::warn("channel {}: what became of an answer was not shown: {}", channel,
                   answer.error().message);
    else if (answer->status / 100 != 2)
      spdlog::warn("channel {}: what became of an answer was not shown: HTTP {}", channel,
                   answer->status);
  });
}

// Of the owner's thread.
Duration Service::Rooms::step() {
  const Duration rest = island ? island->run() : owner->run();
  return std::min({rest, api->step(), lever->step()});
}

}  // namespace tocsin

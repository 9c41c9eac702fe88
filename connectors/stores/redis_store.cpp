#include "connectors/stores/redis_store.hpp"

#include <algorithm>

#include "connectors/stores/redis_history.hpp"
#include "connectors/stores/redis_snapshots.hpp"

namespace tocsin::store {
namespace {

constexpr std::size_t kForgottenAtOnce = 100;
constexpr std::size_t kConfigurationsAtOnce = 500;
constexpr std::size_t kMostPrefixBytes = 64;
// A value that was replaced while it was read is read again.
constexpr int kReadings = 3;

class RedisStore final : public Store {
 public:
  RedisStore(const RedisStoreOptions& options, const Clock& clock)
      : options_(options), redis_(options, clock) {}

  void wait_for_first_attempt() { redis_.wait_for_first_attempt(); }

  Status save(std::span<const History> incidents, std::span<const Snapshot> snapshots) override;
  Result<std::vector<Snapshot>> snapshots() override { return snapshots_.read_all(); }
  Status discard_snapshots() override { return snapshots_.discard_all(); }
  Result<Page> history(const Query& query) override { return history_.page(query); }
  Result<std::optional<History>> find_incident(std::string_view id_beginning) override {
    return history_.find_incident(id_beginning);
  }
  Result<std::optional<History>> find_alert(const AlertId& alert) override {
    return history_.find_alert(alert);
  }
  Status keep_configuration(const std::string& hash, const std::string& body) override;
  Result<std::optional<std::string>> configuration(const std::string& hash) override;
  Result<std::size_t> forget(WallTime before) override;
  Result<std::size_t> forget_configurations(std::span<const std::string> in_use) override;
  Result<std::string> generation() override;

 private:
  Result<RedisReply> commit(std::span<const History> incidents,
                            std::span<const Snapshot> snapshots);
  Result<bool> drop_damaged(const RedisReply& passed_over);

  const RedisStoreOptions options_;
  RedisConnection redis_;
  RedisParts parts_{redis_, options_};
  RedisHistory history_{redis_, parts_, options_};
  RedisSnapshots snapshots_{redis_, parts_, options_};
};

// What is kept of a later position goes before what is saved, unless it is damaged.
Status RedisStore::save(std::span<const History> incidents, std::span<const Snapshot> snapshots) {
  TOCSIN_TRY([[maybe_unused]] const Unit small, within_limits(incidents, snapshots));
  TOCSIN_TRY(const RedisReply passed_over, commit(incidents, snapshots));
  TOCSIN_TRY(const bool dropped, drop_damaged(passed_over));
  if (dropped) {
    TOCSIN_TRY([[maybe_unused]] const RedisReply again, commit(incidents, snapshots));
  }
  return ok();
}

Result<RedisReply> RedisStore::commit(std::span<const History> incidents,
                                      std::span<const Snapshot> snapshots) {
  RedisCommand arguments{options_.identity, std::to_string(incidents.size())};
  for (const History& incident : incidents) {
    TOCSIN_TRY(RedisValue value, parts_.send(encode_history(incident)));
    add_to_commit(arguments, incident, std::move(value));
  }
  arguments.push_back(std::to_string(snapshots.size()));
  for (const Snapshot& snapshot : snapshots) {
    TOCSIN_TRY(RedisValue value, parts_.send(snapshot.body));
    add_to_commit(arguments, snapshot, std::move(value));
  }
  TOCSIN_TRY(RedisReply passed_over, redis_.run(redis_script::commit, arguments));
  if (passed_over.item(2).number > 0)
    redis_.tell_once(
        "states of another journal were replaced; if another tocsin uses this Redis, give each a "
        "store.prefix of its own");
  return passed_over;
}

Result<bool> RedisStore::drop_damaged(const RedisReply& passed_over) {
  bool dropped = false;
  for (const RedisReply& id : passed_over.item(0).items) {
    TOCSIN_TRY(const bool damaged, history_.drop_if_damaged({id.text}));
    dropped = dropped || damaged;
  }
  for (const RedisReply& partition : passed_over.item(1).items) {
    TOCSIN_TRY(const bool damaged, snapshots_.drop_if_damaged(partition.text));
    dropped = dropped || damaged;
  }
  return dropped;
}

Status RedisStore::keep_configuration(const std::string& hash, const std::string& body) {
  TOCSIN_TRY([[maybe_unused]] const Unit small, configuration_within_limits(body));
  TOCSIN_TRY(const RedisValue value, parts_.send(body));
  TOCSIN_TRY([[maybe_unused]] const RedisReply kept,
             redis_.run(redis_script::keep_configuration,
                        {hash, std::to_string(checksum_of_configuration(hash, body)), value.blob,
                         value.parts}));
  return ok();
}

Result<std::optional<std::string>> RedisStore::configuration(const std::string& hash) {
  const std::string key = options_.prefix + "configuration:" + hash;
  for (int reading = 0; reading < kReadings; ++reading) {
    TOCSIN_TRY(const RedisReply kept, redis_.ask({"HMGET", key, "sum", "blob", "parts"}));
    if (kept.item(0).kind == RedisReply::Kind::nothing) return std::optional<std::string>();
    TOCSIN_TRY(auto body, parts_.read({kept.item(1).text, kept.item(2).text}));
    if (body && std::to_string(checksum_of_configuration(hash, *body)) == kept.item(0).text)
      return body;
  }
  redis_.tell_once("the configuration " + hash +
                   " is damaged (its checksum does not fit) and left out");
  return std::optional<std::string>();
}

Result<std::size_t> RedisStore::forget(WallTime before) {
  std::size_t forgotten = 0;
  while (true) {
    TOCSIN_TRY(const RedisReply removed,
               redis_.run(redis_script::forget, {std::to_string(before.time_since_epoch().count()),
                                                 std::to_string(kForgottenAtOnce)}));
    forgotten += static_cast<std::size_t>(removed.number);
    if (static_cast<std::size_t>(removed.number) < kForgottenAtOnce) return forgotten;
  }
}

Result<std::size_t> RedisStore::forget_configurations(std::span<const std::string> in_use) {
  const auto kept_for =
      std::chrono::duration_cast<std::chrono::seconds>(options_.configurations_kept);
  std::size_t forgotten = 0;
  std::size_t left = 0;
  while (true) {
    RedisCommand arguments{std::to_string(kept_for.count()), std::to_string(left),
                           std::to_string(kConfigurationsAtOnce), std::to_string(in_use.size())};
    arguments.insert(arguments.end(), in_use.begin(), in_use.end());
    TOCSIN_TRY(const RedisReply reply, redis_.run(redis_script::forget_configurations, arguments));
    const auto seen = static_cast<std::size_t>(reply.item(0).number);
    const auto removed = static_cast<std::size_t>(reply.item(1).number);
    forgotten += removed;
    left += seen - removed;
    if (seen < kConfigurationsAtOnce) return forgotten;
  }
}

// A flushed Redis has lost the name; one that is started again, or another in its place, may have
// lost what it was told last.
Result<std::string> RedisStore::generation() {
  const std::string key = options_.prefix + "generation";
  TOCSIN_TRY([[maybe_unused]] const RedisReply set,
             redis_.ask({"SET", key, options_.make_name(), "NX"}));
  TOCSIN_TRY(const RedisReply name, redis_.ask({"GET", key}));
  return name.text + "/" + redis_.process();
}

Status check(const RedisStoreOptions& options) {
  const auto fits = [](char c) { return c > ' ' && c <= '~'; };
  if (options.prefix.empty() || options.prefix.size() > kMostPrefixBytes ||
      !std::all_of(options.prefix.begin(), options.prefix.end(), fits))
    return invalid("store.prefix is 1 to " + std::to_string(kMostPrefixBytes) +
                   " printable characters without blanks");
  TOCSIN_CHECK(options.make_name, "the store needs somebody who makes names");
  TOCSIN_CHECK(options.part_bytes > 0, "a part has at least one byte");
  return ok();
}

}  // namespace

Result<std::unique_ptr<Store>> open_redis_store(const RedisStoreOptions& options,
                                                const Clock& clock) {
  TOCSIN_TRY([[maybe_unused]] const Unit right, check(options));
  auto store = std::make_unique<RedisStore>(options, clock);
  store->wait_for_first_attempt();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace tocsin::store

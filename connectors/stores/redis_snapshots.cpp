#include "connectors/stores/redis_snapshots.hpp"

#include <algorithm>
#include <charconv>

namespace tocsin::store {
namespace {

// What was replaced while it was read is read again.
constexpr int kReadings = 3;

}  // namespace

void add_to_commit(RedisCommand& arguments, const Snapshot& snapshot, RedisValue value) {
  arguments.push_back(std::to_string(snapshot.partition));
  arguments.push_back(position_digits(snapshot.position));
  arguments.push_back(std::to_string(checksum_of(snapshot)));
  arguments.push_back(std::move(value.blob));
  arguments.push_back(std::move(value.parts));
}

Result<std::vector<Snapshot>> RedisSnapshots::read_all() {
  TOCSIN_TRY(const RedisReply others,
             redis_.run(redis_script::discard_snapshots, {options_.identity}));
  if (others.number > 0)
    redis_.tell_once(
        "it belonged to another journal: its states are discarded and made again from this one; "
        "its history is kept. If another tocsin uses this Redis, give each a store.prefix of its "
        "own");
  TOCSIN_TRY(const RedisReply partitions, redis_.ask({"SMEMBERS", options_.prefix + "snapshots"}));
  std::vector<Snapshot> found;
  for (const RedisReply& partition : partitions.items) {
    TOCSIN_TRY(Kept kept, read(partition.text));
    if (kept.snapshot)
      found.push_back(std::move(*kept.snapshot));
    else if (kept.there)
      redis_.tell_once("the state of partition " + partition.text +
                       " is damaged (its checksum does not fit) and read from the journal instead");
  }
  std::sort(found.begin(), found.end(),
            [](const Snapshot& a, const Snapshot& b) { return a.partition < b.partition; });
  return found;
}

Result<RedisSnapshots::Kept> RedisSnapshots::read(const std::string& partition) {
  Kept kept;
  for (int reading = 0; reading < kReadings && !kept.snapshot; ++reading) {
    TOCSIN_TRY(const RedisReply found,
               redis_.ask({"HMGET", options_.prefix + "snapshot:" + partition, "sum", "blob",
                           "parts", "position", "identity"}));
    kept.there =
        found.item(0).kind == RedisReply::Kind::text && found.item(4).text == options_.identity;
    if (!kept.there) return kept;
    kept.checksum = found.item(0).text;
    TOCSIN_TRY(auto body, parts_.read({found.item(1).text, found.item(2).text}));
    if (!body) continue;
    Snapshot snapshot{0, position_of(found.item(3).text), std::move(*body)};
    static_cast<void>(
        std::from_chars(partition.data(), partition.data() + partition.size(), snapshot.partition));
    if (std::to_string(checksum_of(snapshot)) == kept.checksum) kept.snapshot = std::move(snapshot);
  }
  return kept;
}

Status RedisSnapshots::discard_all() {
  TOCSIN_TRY([[maybe_unused]] const RedisReply discarded,
             redis_.run(redis_script::discard_snapshots, {""}));
  return ok();
}

Result<bool> RedisSnapshots::drop_if_damaged(const std::string& partition) {
  TOCSIN_TRY(const Kept kept, read(partition));
  if (kept.snapshot) return false;
  TOCSIN_TRY([[maybe_unused]] const RedisReply dropped,
             redis_.run(redis_script::drop_snapshot, {partition, kept.checksum}));
  return true;
}

}  // namespace tocsin::store

// Incidents in Redis: reads them one by one, by alert, and page by page.
//
//   incident:ID   hash: sum, blob or parts, bytes, position, era, trail
//   list:STATE…   for every choice of filters: listings, by their bytes
//   ids, alerts, uses (a configuration's), resolved   what leads to an incident
#pragma once

#include "connectors/stores/redis_layout.hpp"
#include "connectors/stores/redis_parts.hpp"

namespace tocsin::store {

class RedisHistory {
 public:
  RedisHistory(RedisConnection& redis, RedisParts& parts, const RedisStoreOptions& options)
      : redis_(redis), parts_(parts), options_(options) {}

  Result<Page> page(const Query& query);
  Result<std::optional<History>> find_incident(std::string_view id_beginning);
  Result<std::optional<History>> find_alert(const AlertId& alert);
  /// Whether it was.
  Result<bool> drop_if_damaged(const IncidentId& id);

 private:
  struct Kept {
    bool there = false;
    std::string checksum;
    std::optional<History> incident;  // if it is whole
  };
  Result<Kept> read(const IncidentId& id);
  Result<std::optional<History>> read_whole(const IncidentId& id);
  Result<std::optional<Page>> page_of(const Query& query, const RedisReply& listed, bool last);
  Status forget_dangling(const Query& query, const RedisReply& listed);
  void tell_of_damage(const std::string& id);

  RedisConnection& redis_;
  RedisParts& parts_;
  const RedisStoreOptions& options_;
};

/// The arguments of redis_script::commit for one incident.
void add_to_commit(RedisCommand& arguments, const History& incident, RedisValue value);

}  // namespace tocsin::store

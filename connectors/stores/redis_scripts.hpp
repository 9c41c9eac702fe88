// What Redis does in one step for the store, in Lua: nobody sees half of it. KEYS[1] is the prefix;
// redis_scripts.cpp says before each which arguments it takes.
#pragma once

#include <string>

namespace tocsin::store {

struct RedisScript {
  std::string text;
};

namespace redis_script {
extern const RedisScript commit, page, keep_configuration, forget, forget_configurations,
    discard_snapshots, forget_dangling, drop_incident, drop_snapshot;
}  // namespace redis_script

}  // namespace tocsin::store

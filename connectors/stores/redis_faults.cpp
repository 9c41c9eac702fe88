#include "connectors/stores/redis_faults.hpp"

#include <algorithm>
#include <array>

namespace tocsin::store {
namespace {

struct Remedy {
  std::string_view code;
  std::string_view words;
};

constexpr std::array kRemedies{
    Remedy{"NOAUTH", "it wants a password; write it into store.url"},
    Remedy{"WRONGPASS", "it does not take this user and password; mend store.url"},
    Remedy{"NOPERM",
           "this user may not do that; let its ACL allow all commands on the keys of "
           "store.prefix (~PREFIX* +@all -@dangerous +info)"},
    Remedy{"LOADING", "it is still loading its data; it is used once it has"},
    Remedy{"BUSY", "another program's script keeps it busy; end that with SCRIPT KILL"},
    Remedy{"OOM", "its memory is full; raise maxmemory, or give tocsin a Redis of its own"},
    Remedy{"READONLY", "it is a replica; let store.url name the primary"},
    Remedy{"MISCONF", "it cannot write its own files; look at its log and its disk"},
    Remedy{"NOREPLICAS", "it has fewer replicas than min-replicas-to-write asks for"},
    Remedy{"MASTERDOWN", "it is a replica that has lost its primary"},
    Remedy{"WRONGTYPE",
           "another program's value is at a key of tocsin's; delete it, or choose "
           "another store.prefix"},
    Remedy{"MOVED", "it is a Redis Cluster, which tocsin cannot use; name a single Redis"},
    Remedy{"CROSSSLOT", "it is a Redis Cluster, which tocsin cannot use; name a single Redis"},
    Remedy{"CLUSTERDOWN", "it is a Redis Cluster, which tocsin cannot use; name a single Redis"},
    Remedy{"STAGED",
           "what was to be saved is gone before it was whole: Redis was flushed, or "
           "evicts keys; it is saved again"},
};

constexpr std::size_t kMostQuotedBytes = 160;

// Only what cannot be anybody's secret: the words before what it repeats of the command.
std::string quoted(std::string_view reply) {
  for (const std::string_view repeated : {", with args", "`", "'", "\""})
    reply = reply.substr(0, std::min(reply.find(repeated), reply.size()));
  std::string text(reply.substr(0, kMostQuotedBytes));
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  while (text.ends_with(' ') || text.ends_with(',')) text.pop_back();
  return text;
}

}  // namespace

Error refused_by_redis(std::string_view reply) {
  const std::string_view code = reply.substr(0, reply.find(' '));
  for (const Remedy& remedy : kRemedies)
    if (remedy.code == code)
      return unavailable(std::string(code) + ": " + std::string(remedy.words) +
                         (code == "WRONGTYPE" ? " (" + quoted(reply) + ")" : ""));
  return unavailable("it answers: " + quoted(reply));
}

}  // namespace tocsin::store

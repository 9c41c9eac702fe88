#include "connectors/stores/redis_session.hpp"

#include "connectors/stores/redis_faults.hpp"

namespace tocsin::store {
namespace {

using Kind = RedisReply::Kind;

/// The lines "name:value" of INFO.
std::string info_of(const std::string& text, const std::string& name) {
  const std::size_t at = text.starts_with(name + ":") ? 0 : text.find("\n" + name + ":");
  if (at == std::string::npos) return {};
  const std::size_t begin = text.find(':', at) + 1;
  return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

std::vector<std::string> warnings_of(const std::string& info, const RedisReply& save) {
  std::vector<std::string> found;
  const std::string policy = info_of(info, "maxmemory_policy");
  const std::string most = info_of(info, "maxmemory");
  if (!policy.empty() && policy != "noeviction" && most != "0")
    found.push_back("it drops keys when its memory is full (maxmemory-policy " + policy +
                    "), history among them; set maxmemory-policy noeviction");
  if (info_of(info, "aof_enabled") == "0" && save.items.size() == 2 && save.item(1).text.empty())
    found.push_back(
        "it keeps nothing on disk, so that a restart of it loses the history that the journal no "
        "longer has; set appendonly yes");
  if (info_of(info, "role") == "slave")
    found.push_back("it is a replica, which takes no writes; let store.url name the primary");
  return found;
}

}  // namespace

Result<RedisSession> RedisSession::open(const RedisStoreOptions& options, const Clock& clock) {
  TOCSIN_TRY(RedisSocket socket,
             RedisSocket::connect(options.host, options.port, clock, options.connect_within));
  RedisSession session(options, clock, std::move(socket));
  TOCSIN_TRY([[maybe_unused]] const Unit in, session.sign_in());
  TOCSIN_TRY([[maybe_unused]] const Unit looked, session.look_around());
  return session;
}

Result<RedisReply> RedisSession::ask(const RedisCommand& command) {
  TOCSIN_TRY(const std::string bytes, encode(command));
  const Deadline deadline = clock_->now().elapsed + options_->answer_within;
  TOCSIN_TRY([[maybe_unused]] const Unit sent, socket_.send(bytes, deadline));
  std::string came;
  while (true) {
    came.clear();
    TOCSIN_TRY([[maybe_unused]] const Unit received, socket_.receive(came, deadline));
    const Status fed = replies_.feed(came);
    if (!fed) return unavailable(fed.error().message);
    auto reply = replies_.next();
    if (!reply) return unavailable(reply.error().message);
    if (*reply) return std::move(**reply);
  }
}

Status RedisSession::sign_in() {
  if (!options_->password.empty()) {
    RedisCommand command{"AUTH"};
    if (!options_->user.empty()) command.push_back(options_->user);
    command.push_back(options_->password);
    TOCSIN_TRY(const RedisReply reply, ask(command));
    // Never its words: some repeat the command.
    if (reply.is_error() && !reply.text.starts_with("WRONGPASS"))
      return unavailable("it does not take this user and password (or wants none); mend store.url");
    if (reply.is_error()) return refused_by_redis("WRONGPASS");
  }
  if (options_->database != 0) {
    TOCSIN_TRY(const RedisReply reply, ask({"SELECT", std::to_string(options_->database)}));
    if (reply.is_error() && reply.text.starts_with("ERR"))
      return unavailable("it has no database " + std::to_string(options_->database) +
                         "; mend the number at the end of store.url");
    if (reply.is_error()) return refused_by_redis(reply.text);
  }
  return ok();
}

// Not all users may ask all of this; what is not known is not warned of.
Status RedisSession::look_around() {
  TOCSIN_TRY(const RedisReply alive, ask({"PING"}));
  if (alive.is_error()) return refused_by_redis(alive.text);
  TOCSIN_TRY(const RedisReply info, ask({"INFO"}));
  if (info.is_error()) return ok();
  if (info_of(info.text, "loading") == "1") return refused_by_redis("LOADING");
  if (info_of(info.text, "cluster_enabled") == "1") return refused_by_redis("MOVED");
  TOCSIN_TRY(const RedisReply save, ask({"CONFIG", "GET", "save"}));
  process_ = info_of(info.text, "run_id");
  warnings_ = warnings_of(info.text, save);
  return ok();
}

Result<RedisReply> RedisSession::run(const RedisScript& script, const RedisCommand& arguments) {
  std::string& name = loaded_[&script];
  if (name.empty()) {
    TOCSIN_TRY(const RedisReply loaded, ask({"SCRIPT", "LOAD", script.text}));
    if (loaded.kind == Kind::text) name = loaded.text;
  }
  RedisCommand command{"EVALSHA", name, "1", options_->prefix};
  command.insert(command.end(), arguments.begin(), arguments.end());
  if (!name.empty()) {
    TOCSIN_TRY(RedisReply reply, ask(command));
    if (!reply.is_error() || !reply.text.starts_with("NOSCRIPT")) return reply;
    name.clear();
  }
  command[0] = "EVAL";
  command[1] = script.text;
  return ask(command);
}

}  // namespace tocsin::store

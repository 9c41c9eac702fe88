#include "connectors/stores/redis_connection.hpp"

#include <algorithm>

#include "connectors/stores/redis_faults.hpp"

namespace tocsin::store {
namespace {

// The log hears of each thing once, and of so many.
constexpr std::size_t kMostTold = 100;

std::string name_of(const RedisStoreOptions& options) {
  const bool bracketed = options.host.find(':') != std::string::npos;
  return "store redis " + (bracketed ? "[" + options.host + "]" : options.host) + ":" +
         std::to_string(options.port) + "/" + std::to_string(options.database);
}

}  // namespace

RedisConnection::RedisConnection(const RedisStoreOptions& options, const Clock& clock)
    : options_(options),
      clock_(clock),
      name_(name_of(options)),
      keeper_([this](const std::stop_token& stop) { keep_up(stop); }) {}

Error RedisConnection::fault(const Error& error) const {
  return {error.kind, name_ + ": " + error.message};
}

void RedisConnection::tell_once(const std::string& words) {
  const std::lock_guard lock(told_mutex_);
  if (told_.size() >= kMostTold || !told_.insert(words).second || !options_.tell) return;
  options_.tell(name_ + ": " + words);
}

void RedisConnection::wait_for_first_attempt() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, options_.connect_within + options_.answer_within,
                    [this] { return tried_; });
}

std::string RedisConnection::process() const {
  const std::lock_guard lock(mutex_);
  return session_ ? session_->process() : std::string();
}

// Whoever waits here for the lock while Redis hangs finds no session afterwards, and has waited no
// longer than for one answer.
template <class Use>
Result<RedisReply> RedisConnection::use(Use use) {
  const std::lock_guard lock(mutex_);
  if (session_ && !session_->is_sound()) lose(unavailable("it has closed the connection"));
  if (!session_) return fault(unavailable(trouble_));
  Result<RedisReply> reply = use(*session_);
  if (!reply) {
    lose(reply.error());
    return fault(reply.error());
  }
  if (reply->is_error()) return fault(refused_by_redis(reply->text));
  return reply;
}

Result<RedisReply> RedisConnection::ask(const RedisCommand& command) {
  return use([&](RedisSession& session) { return session.ask(command); });
}

Result<RedisReply> RedisConnection::run(const RedisScript& script, const RedisCommand& arguments) {
  return use([&](RedisSession& session) { return session.run(script, arguments); });
}

void RedisConnection::lose(const Error& why) {
  session_.reset();
  trouble_ = why.message;
  changed_.notify_all();
}

void RedisConnection::keep_up(const std::stop_token& stop) {
  Duration back_off = options_.first_back_off;
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (session_) {
      changed_.wait_for(lock, stop, options_.look_every, [this] { return !session_; });
      if (session_ && !stop.stop_requested()) look();
      continue;
    }
    if (connect(lock)) {
      back_off = options_.first_back_off;
      continue;
    }
    changed_.wait_for(lock, stop, back_off, [] { return false; });
    back_off = std::min(back_off * 2, options_.longest_back_off);
  }
}

void RedisConnection::look() {
  const Result<RedisReply> alive = session_->ask({"PING"});
  if (!alive) lose(alive.error());
}

// The lock is let go meanwhile: callers hear at once that there is no session.
bool RedisConnection::connect(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  Result<RedisSession> session = RedisSession::open(options_, clock_);
  if (session)
    for (const std::string& warning : session->warnings()) tell_once(warning);
  lock.lock();
  const bool connected = session.has_value();
  std::string words;
  if (connected) {
    session_.emplace(std::move(*session));
    if (!told_trouble_.empty()) words = "it answers again";
    told_trouble_.clear();
  } else {
    trouble_ = session.error().message;
    if (trouble_ != told_trouble_)
      words = trouble_ + "; pages go out without it, history is not complete meanwhile";
    told_trouble_ = trouble_;
  }
  tried_ = true;
  changed_.notify_all();
  if (!words.empty() && options_.tell) options_.tell(name_ + ": " + words);
  return connected;
}

}  // namespace tocsin::store

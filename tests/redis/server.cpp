#include "tests/redis/server.hpp"

#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>

#include "tests/catch.hpp"
#include "tests/source_dir.hpp"

namespace tocsin::store::testing {
namespace {

const std::string kCommand = tocsin::tests::source_dir() + "/deploy/redis ";
constexpr std::chrono::seconds kPatience{10};

// The last line of what a command says.
std::string run(const std::string& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  REQUIRE(pipe);
  std::string line;
  char text[1024];
  while (std::fgets(text, sizeof text, pipe.get()) != nullptr) line = text;
  REQUIRE(::pclose(pipe.release()) == 0);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

std::string shown(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER) return std::to_string(reply.integer);
  if (reply.type != REDIS_REPLY_ARRAY)
    return reply.str != nullptr ? std::string(reply.str, reply.len) : "";
  std::string all;
  for (std::size_t i = 0; i < reply.elements; ++i)
    all += (i == 0 ? "" : " ") + shown(*reply.element[i]);
  return all;
}

}  // namespace

Server& Server::fresh() {
  static Server server("");
  server.ask({"CONFIG", "SET", "maxmemory-policy", "noeviction"});
  server.ask({"FLUSHALL"});
  return server;
}

Server& Server::guarded() {
  static Server server(kPassword);
  return server;
}

Server::Server(std::string password) : password_(std::move(password)) {
  std::string name = (std::filesystem::temp_directory_path() / "tocsin-redis-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  directory_ = name;
  const std::string address =
      run("TOCSIN_REDIS_PASSWORD=" + password_ + " " + kCommand + "start --port 0 --data " +
          directory_ + " --while " + std::to_string(::getpid()));
  port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

Server::~Server() {
  signal(SIGCONT);
  [[maybe_unused]] const int stopped =
      std::system((kCommand + "stop --data " + directory_).c_str());
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void Server::stop() { run(kCommand + "stop --data " + directory_); }
void Server::start() {
  run("TOCSIN_REDIS_PASSWORD=" + password_ + " " + kCommand + "start --data " + directory_);
}
void Server::kill() { signal(SIGKILL); }
void Server::hang() { signal(SIGSTOP); }
void Server::go_on() { signal(SIGCONT); }

void Server::signal(int number) {
  int pid = 0;
  std::ifstream(directory_ + "/pid") >> pid;
  if (pid > 0) ::kill(pid, number);
}

std::string Server::ask(const std::vector<std::string>& command) {
  const std::unique_ptr<redisContext, void (*)(redisContext*)> context(
      ::redisConnect("127.0.0.1", port_), ::redisFree);
  REQUIRE(context->err == 0);
  const auto one = [&](const std::vector<std::string>& words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string& word : words) {
      texts.push_back(word.data());
      sizes.push_back(word.size());
    }
    redisReply* const reply = static_cast<redisReply*>(::redisCommandArgv(
        context.get(), static_cast<int>(words.size()), texts.data(), sizes.data()));
    REQUIRE(reply != nullptr);
    std::string text = shown(*reply);
    ::freeReplyObject(reply);
    return text;
  };
  if (!password_.empty()) one({"AUTH", password_});
  return one(command);
}

void Told::add(const std::string& words) {
  const std::lock_guard lock(mutex_);
  words_.push_back(words);
  changed_.notify_all();
}

bool Told::has(const std::string& words) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] {
    return std::any_of(words_.begin(), words_.end(), [&](const std::string& each) {
      return each.find(words) != std::string::npos;
    });
  });
}

std::size_t Told::count() {
  const std::lock_guard lock(mutex_);
  return words_.size();
}

std::string Told::all() {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const std::string& each : words_) text += each + "\n";
  return text;
}

RedisStoreOptions options_for(const Server& server) {
  static std::atomic<int> names = 0;
  RedisStoreOptions options;
  options.port = server.port();
  options.identity = "journal-1";
  options.make_name = [] { return "name" + std::to_string(++names); };
  // A busy machine is not what most of these tests are about.
  options.answer_within = std::chrono::seconds(15);
  options.first_back_off = std::chrono::milliseconds(10);
  options.longest_back_off = std::chrono::milliseconds(100);
  options.configurations_kept = {};
  return options;
}

RedisStoreOptions telling(RedisStoreOptions options, Told& told) {
  options.tell = [&told](const std::string& words) { told.add(words); };
  return options;
}

std::unique_ptr<Store> open(const RedisStoreOptions& options) {
  static const SystemClock clock;
  auto store = open_redis_store(options, clock);
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

}  // namespace tocsin::store::testing

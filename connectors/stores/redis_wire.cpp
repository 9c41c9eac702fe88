#include "connectors/stores/redis_wire.hpp"

#include <hiredis/hiredis.h>

namespace tocsin::store {
namespace {

// The library asks for room for as many elements as a reply says it has before it has read one.
void* create_array_within_limit(const redisReadTask* task, int elements);

struct Functions : redisReplyObjectFunctions {
  explicit Functions(const redisReplyObjectFunctions& own) : redisReplyObjectFunctions(own) {
    unlimited = own.createArray;
    createArray = create_array_within_limit;
  }
  void* (*unlimited)(const redisReadTask*, int) = nullptr;
};

Functions& functions(redisReader* reader = nullptr) {
  static Functions all(*reader->fn);
  return all;
}

void* create_array_within_limit(const redisReadTask* task, int elements) {
  return elements > kMostReplyElements ? nullptr : functions().unlimited(task, elements);
}

RedisReply::Kind kind_of(int type) {
  using Kind = RedisReply::Kind;
  switch (type) {
    case REDIS_REPLY_STRING:
      return Kind::text;
    case REDIS_REPLY_ARRAY:
      return Kind::list;
    case REDIS_REPLY_INTEGER:
      return Kind::number;
    case REDIS_REPLY_STATUS:
      return Kind::status;
    case REDIS_REPLY_ERROR:
      return Kind::error;
    default:
      return Kind::nothing;
  }
}

// The library bounds how deep they nest.
RedisReply reply_of(const redisReply& from) {
  RedisReply reply;
  reply.kind = kind_of(from.type);
  if (from.str != nullptr) reply.text.assign(from.str, static_cast<std::size_t>(from.len));
  if (from.type == REDIS_REPLY_INTEGER) reply.number = from.integer;
  if (from.type != REDIS_REPLY_ARRAY) return reply;
  reply.items.reserve(from.elements);
  for (std::size_t i = 0; i < from.elements; ++i) reply.items.push_back(reply_of(*from.element[i]));
  return reply;
}

}  // namespace

const RedisReply& RedisReply::item(std::size_t place) const {
  static const RedisReply kNothing;
  return place < items.size() ? items[place] : kNothing;
}

Result<std::string> encode(const RedisCommand& command) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string& word : command) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  char* bytes = nullptr;
  const int size =
      redisFormatCommandArgv(&bytes, static_cast<int>(command.size()), texts.data(), sizes.data());
  if (size < 0) return invalid("a command is too large for Redis");
  std::string encoded(bytes, static_cast<std::size_t>(size));
  redisFreeCommand(bytes);
  return encoded;
}

struct RedisReplies::Reader {
  Reader() : reader(redisReaderCreate()) {
    TOCSIN_CHECK(reader != nullptr, "no memory for a reader of replies");
    reader->fn = &functions(reader);
  }
  ~Reader() { redisReaderFree(reader); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  redisReader* reader;
  std::size_t fed = 0;  // since the last reply
};

RedisReplies::RedisReplies() : reader_(std::make_unique<Reader>()) {}
RedisReplies::RedisReplies(RedisReplies&&) noexcept = default;
RedisReplies& RedisReplies::operator=(RedisReplies&&) noexcept = default;
RedisReplies::~RedisReplies() = default;

Status RedisReplies::feed(std::string_view bytes) {
  reader_->fed += bytes.size();
  if (reader_->fed > kMostReplyBytes) return corrupt("a reply is larger than any should be");
  if (redisReaderFeed(reader_->reader, bytes.data(), bytes.size()) != REDIS_OK)
    return corrupt("a reply cannot be read");
  return ok();
}

Result<std::optional<RedisReply>> RedisReplies::next() {
  void* found = nullptr;
  if (redisReaderGetReply(reader_->reader, &found) != REDIS_OK)
    return corrupt("what comes is no reply of Redis");
  if (found == nullptr) return std::optional<RedisReply>();
  RedisReply reply = reply_of(*static_cast<const redisReply*>(found));
  freeReplyObject(found);
  reader_->fed = 0;
  return std::optional(std::move(reply));
}

}  // namespace tocsin::store

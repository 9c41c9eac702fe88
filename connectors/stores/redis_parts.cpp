#include "connectors/stores/redis_parts.hpp"

#include <charconv>

namespace tocsin::store {
namespace {

// A thousand of them are on a page, which is one answer.
constexpr std::size_t kMostBlobBytes = 32u << 10;
// Of parts that nobody makes whole, in seconds.
constexpr const char* kPartsLive = "3600";

}  // namespace

std::string RedisParts::key_of(const std::string& name, std::size_t place) const {
  return options_.prefix + "part:" + name + ":" + std::to_string(place);
}

Result<RedisValue> RedisParts::send(std::string value) {
  if (value.size() <= kMostBlobBytes) return RedisValue{std::move(value), ""};
  const std::string name = options_.make_name();
  std::size_t count = 0;
  for (std::size_t at = 0; at < value.size(); at += options_.part_bytes) {
    TOCSIN_TRY([[maybe_unused]] const RedisReply set,
               redis_.ask({"SET", key_of(name, count++), value.substr(at, options_.part_bytes),
                           "EX", kPartsLive}));
  }
  return RedisValue{"", name + ":" + std::to_string(count)};
}

Result<std::optional<std::string>> RedisParts::read(const RedisValue& value) {
  if (value.parts.empty()) return std::optional(value.blob);
  const std::size_t colon = value.parts.rfind(':');
  std::size_t count = 0;
  if (colon != std::string::npos)
    static_cast<void>(std::from_chars(value.parts.data() + colon + 1,
                                      value.parts.data() + value.parts.size(), count));
  const std::string name = value.parts.substr(0, colon);
  std::string whole;
  for (std::size_t place = 0; place < count; ++place) {
    TOCSIN_TRY(const RedisReply part, redis_.ask({"GET", key_of(name, place)}));
    if (part.kind != RedisReply::Kind::text) return std::optional<std::string>();
    // One incident, state or configuration, and what stands around its body.
    if (whole.size() + part.text.size() > 2 * kMostBodyBytes) return std::optional<std::string>();
    whole += part.text;
  }
  return std::optional(std::move(whole));
}

}  // namespace tocsin::store

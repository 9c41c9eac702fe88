#include "router/engine/retry.hpp"

#include <algorithm>

namespace tocsin::engine {

Duration retry_wait(const MessageId& id, std::uint32_t attempt,
                    std::optional<Duration> retry_after) {
  const std::uint32_t doublings =
      std::min(attempt > 0 ? attempt - 1 : 0, 6u);  // 2^6 s is past the longest
  const Duration full = std::min(kFirstRetry * (1 << doublings), kLongestRetry);
  const std::uint8_t jitter = sha256(id.text + "#" + std::to_string(attempt))[0];
  const Duration wait = full - full / 4 * jitter / 255;
  return std::max(wait, std::min(retry_after.value_or(Duration::zero()), kMostRetryAfter));
}

MessageId make_message_id(const IncidentId& incident, std::uint32_t occurrence, MessageKind kind,
                          bool fallback, std::uint32_t round, std::uint32_t step,
                          const Contact& contact) {
  std::string of = "message";
  for (const std::string& part :
       {incident.text.str(), std::to_string(occurrence), std::string(to_string(kind)),
        std::string(fallback ? "fallback" : "own"), std::to_string(round), std::to_string(step),
        contact.person.str(), contact.channel.str(), contact.address.str()})
    of += std::to_string(part.size()) + ":" + part;
  constexpr std::size_t kBytes = 15;  // 120 bits: 24 characters
  return {"msg_" + base32(sha256(of).data(), kBytes)};
}

}  // namespace tocsin::engine

// A request that comes back by way of a channel, for the tests of ears.
#pragma once

#include "connectors/channel.hpp"
#include "connectors/ear.hpp"
#include "connectors/wire/vendor_signatures.hpp"
#include "tests/catch.hpp"

namespace tocsin::testing {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What a channel's provider posts, and the channel's ear for it.
struct Heard {
  const connectors::Ear& ear;
  connectors::Values settings;
  HttpRequest request = {};
  std::string url = "https://tocsin.example.com/answers/under-test";
  WallTime now{std::chrono::seconds(1'795'312'363)};

  Heard(const char* type, std::map<std::string, std::string> values)
      : ear(*connectors::find_channel(type)->ear), settings{"under-test", std::move(values)} {}

  Heard& post(std::string body, Headers headers = {}) {
    request.body = std::move(body);
    request.headers = std::move(headers);
    return *this;
  }
  /// As Slack signs it, at that moment.
  Heard& by_slack(std::string body, const std::string& secret) {
    const std::string time =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count());
    const std::string signature = wire::slack_signature(secret, time, body);
    return post(std::move(body),
                {{"x-slack-request-timestamp", time}, {"x-slack-signature", signature}});
  }
  Heard& by_twilio(std::string body, const std::string& token) {
    const std::string signature = wire::twilio_signature(token, url, wire::read_form(body));
    return post(std::move(body), {{"x-twilio-signature", signature}});
  }

  connectors::Hearing hearing() const { return {request, settings, url, now}; }
  Result<connectors::Spoken> hear() const { return ear.hear(hearing()); }
  connectors::Spoken heard() const {
    auto spoken = hear();
    if (!spoken) FAIL(spoken.error().message);
    return std::move(*spoken);
  }
  connectors::Echo answer(const connectors::Ended& ended) const {
    return ear.answer(hearing(), ended);
  }
};

inline connectors::Ended acknowledged_by_ada() {
  using connectors::Wish;
  return {connectors::Ended::How::done,
          "Acknowledged by ada at 02:04 UTC.",
          "Acknowledged by ada at 02:04 UTC",
          {Wish::resolve, Wish::escalate}};
}
inline connectors::Ended to_a_stranger() {
  return {connectors::Ended::How::stranger, "Nothing was done: who is <mallory>?", {}, {}};
}

}  // namespace tocsin::testing

// `pushover`: pushes by Pushover, which repeat a critical page until it is seen.
//
// https://pushover.net/api: a form; message up to 1024 characters, title 250. Priority 2,
// emergency, repeats every `retry` seconds (30 at least) until it is acknowledged on the phone or
// `expire` (10800 at most) has passed; then https://pushover.net/api/receipts posts to `callback` a
// form with receipt, acknowledged and acknowledged_by, the key of the user who did. It signs
// nothing: `callback` is the page's own link, and whoever has that may acknowledge. 4xx will never
// work; 429 is the month's quota.
#include <array>

#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/ear.hpp"
#include "connectors/wire/form.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

using channels::details;
using channels::headline;
using channels::Link;
using channels::link_of;

constexpr std::array<Field, 3> kFields{{
    {"token", true, true, "the application's"},
    {"url", false, false, "instead of https://api.pushover.net"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostTitleBytes = 240, kMostMessageBytes = 1'000;
constexpr const char* kEmergency = "2";
constexpr const char* kRetrySeconds = "60";
constexpr const char* kExpireSeconds = "600";  // the escalation goes on by itself

std::string lines_of(const Notification& n) {
  std::string text;
  for (const std::string& line : details(n)) {
    if (text.size() + line.size() > kMostMessageBytes) break;
    text += (text.empty() ? "" : "\n") + line;
  }
  return text.empty() ? headline(n) : text;
}

/// Of its -2 to 2; a drill and a bundle, which cannot be acknowledged, are no emergency.
std::string priority_of(const Notification& n) {
  if (n.kind != MessageKind::page && n.kind != MessageKind::bundle) return "0";
  switch (n.severity) {
    case Severity::critical:
      return n.kind == MessageKind::page && n.gameday.empty() ? kEmergency : "1";
    case Severity::error:
      return "1";
    case Severity::warning:
      return "0";
    case Severity::info:
      return "-1";
  }
  return "1";
}

/// Pushover refuses a message whose callback it could never reach.
std::string callback_of(const Notification& n) {
  return n.acknowledge_url.starts_with("http://localhost") ? "" : n.acknowledge_url;
}

std::string form_of(const std::string& token, const Notification& n) {
  const Link link = link_of(n);
  const std::string priority = priority_of(n);
  const bool emergency = priority == kEmergency;
  return channels::form_of({{"token", token},
                            {"user", n.contact.address},
                            {"title", cut(headline(n), kMostTitleBytes)},
                            {"message", lines_of(n)},
                            {"priority", priority},
                            {"retry", emergency ? kRetrySeconds : ""},
                            {"expire", emergency ? kExpireSeconds : ""},
                            {"callback", emergency ? callback_of(n) : ""},
                            {"url", link.url},
                            {"url_title", link.url.empty() ? "" : link.label}});
}

Result<Spoken> hear(const Hearing& hearing) {
  if (hearing.request.body.size() > kMostHeardBytes)
    return invalid("longer than Pushover's forms are");
  const wire::Form form = wire::read_form(hearing.request.body);
  if (wire::value_of(form, "receipt").empty()) return invalid("receipt: it is needed");
  Spoken spoken;
  if (wire::value_of(form, "acknowledged") != "1") return spoken;
  spoken.wish = Wish::acknowledge;
  spoken.addresses = {wire::value_of(form, "acknowledged_by")};
  return spoken;
}

Echo answer(const Hearing&, const Ended& ended) {
  // It asks again.
  if (ended.how == Ended::How::again) return {{503, "", "", {{"Retry-After", "5"}}}};
  return {{200, "", "", {}}};
}

constexpr Ear kEar{hear, answer, nullptr, false};

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string token,
             channels::needed_setting(values, "token", "register an application for one"));
  TOCSIN_TRY(const std::string url,
             channels::url_setting(values, "url", "https://api.pushover.net"));
  return channels::with_template(
      values, channels::posting({token}, [url, token](const Notification& n) {
        wire::OutgoingRequest request;
        request.url = url + "/1/messages.json";
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
        request.body = form_of(token, n);
        return request;
      }));
}

}  // namespace

extern const ChannelSpec pushover_channel;
const ChannelSpec pushover_channel = {
    .name = "pushover",
    .summary = "pushes by Pushover, which repeat a critical page until it is seen",
    .fields = kFields,
    .example = R"(  - name: pushover
    type: pushover
    token: "${PUSHOVER_TOKEN}"
)",
    .needs_address = true,
    .make = make,
    .ear = &kEar,
};

}  // namespace tocsin::connectors

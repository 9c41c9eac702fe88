// `webhook`: an HTTP endpoint of one's own that mends something, signed as in Standard Webhooks.
//
// What is posted (https://www.standardwebhooks.com):
//   {"id","type":"remediate","hook","rule","dry_run","gameday","approved_by","incident":{…},
//    "labels":{…}}; rule, gameday and approved_by may be null
//   webhook-id         of this run, also the body's id; a run is asked for once
//   webhook-timestamp  seconds since 1970
//   webhook-signature  v1,<base64 of HMAC-SHA256 over id.timestamp.body>, when a secret is set
// 2xx: it is done or under way, and the first line of the body says more. Everything else, no
// answer in time among it, means that it did not help: nobody asks again. Redirects are not
// followed.
#include <array>

#include "connectors/hook.hpp"
#include "connectors/wire/json_members.hpp"
#include "connectors/wire/signed_endpoint.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::size_t kMostShownBytes = 200;
/// Looked at to find the first line; an answer may be 64 KiB.
constexpr std::size_t kMostReadBytes = 1024;

constexpr std::array<Field, 2> kFields{{
    {"url", true, false, "where to post, http or https"},
    {"secret", false, true, "whsec_ and the base64 of 24 to 64 bytes: signs each call"},
}};

std::string incident_of(const HookCall& call) {
  using wire::member;
  using wire::text_or_null;
  if (!call.incident_json.empty()) return call.incident_json;
  return "{\"id\":" + json_string(call.incident) + member("title", text_or_null(call.title)) +
         member("severity", json_string(to_string(call.severity))) +
         member("impact", text_or_null(call.impact)) + member("team", text_or_null(call.team)) +
         member("service", text_or_null(call.service)) + "}";
}

std::string labels_of(const HookCall& call) {
  std::string members;
  for (const auto& [name, value] : call.labels)
    members += (members.empty() ? "" : ",") + json_string(name) + ":" + json_string(value);
  return "{" + members + "}";
}

std::string body_of(const HookCall& call) {
  using wire::member;
  using wire::text_or_null;
  return "{\"id\":" + json_string(call.id.text) + member("type", "\"remediate\"") +
         member("hook", json_string(call.hook)) + member("rule", text_or_null(call.rule)) +
         member("dry_run", call.dry_run ? "true" : "false") +
         member("gameday", text_or_null(call.gameday)) +
         member("approved_by", text_or_null(call.approved_by)) +
         member("incident", incident_of(call)) + member("labels", labels_of(call)) + "}";
}

std::string first_line(std::string_view body) {
  const std::string_view start = body.substr(0, kMostReadBytes);
  const std::size_t begin = std::min(start.find_first_not_of(" \t\r\n"), start.size());
  return cut(one_line(start.substr(begin, start.find('\n', begin) - begin)), kMostShownBytes);
}

class Webhook final : public Hook {
 public:
  explicit Webhook(wire::SignedEndpoint endpoint) : endpoint_(std::move(endpoint)) {}

  Attempt run(const HookCall& call, Duration budget) override {
    const auto answer = endpoint_.post(call.id.text, call.now, body_of(call), budget);
    Attempt attempt = wire::to_attempt(answer);
    // Tried later it might run twice, and meanwhile nobody would be paged.
    if (attempt.outcome != AttemptOutcome::accepted) return Attempt::rejected(attempt.detail);
    if (const std::string says = first_line(answer->body); !says.empty())
      attempt.detail += ": " + says;
    return attempt;
  }

 private:
  wire::SignedEndpoint endpoint_;
};

Result<std::unique_ptr<Hook>> make(const Values& values) {
  auto endpoint = wire::SignedEndpoint::make(values.get("url"), values.get("secret"));
  if (!endpoint) return invalid("hooks." + values.name + "." + endpoint.error().message);
  return std::unique_ptr<Hook>(std::make_unique<Webhook>(std::move(*endpoint)));
}

}  // namespace

extern const HookSpec webhook_hook;
const HookSpec webhook_hook = {
    .name = "webhook",
    .summary = "any HTTP endpoint of one's own, signed as in Standard Webhooks",
    .fields = kFields,
    .example = R"(  - name: restart-api
    type: webhook
    url: "http://127.0.0.1:9000/restart-api"
    secret: "${RESTART_SECRET}"
    limit: {runs: 3, per: 1h}
    timeout: 10s
)",
    .make = make,
};

}  // namespace tocsin::connectors

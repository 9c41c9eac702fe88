#include "tests/troubles/stage.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "connectors/wire/vendor_signatures.hpp"
#include "tests/catch.hpp"

namespace tocsin::troubles {
namespace {

using testing::Reply;

constexpr const char* kBase = "https://tocsin.example.com";
/// What a test waits for an attempt that only its budget ends.
constexpr Duration kShortBudget = std::chrono::milliseconds(300);
constexpr auto kPatience = std::chrono::seconds(60);

std::string settings() {
  std::string yaml = tests::kPlainSettings;
  const std::string plain = "{name: ada, contacts: {phone: ada}}";
  yaml.replace(yaml.find(plain), plain.size(),
               "{name: ada, contacts: {phone: ada, mail: ada-mail}, notify: [{channel: phone}, "
               "{after: 4m, channel: mail}]}");
  return yaml;
}

Reply answer(int status, const std::string& headers = {}, const std::string& body = {}) {
  return {Reply::Kind::answer, status, headers, body};
}

Reply of_kind(Reply::Kind kind, int status) { return {kind, status, "", ""}; }

}  // namespace

const std::vector<Trouble>& all_troubles() {
  using Where = Trouble::Where;
  static const std::vector<Trouble> all{
      {"5xx", Where::answers, answer(503, "", "down for maintenance")},
      {"429 with Retry-After", Where::answers,
       answer(429, "Retry-After: " + std::to_string(kRetryAfter.count()) + "\r\n")},
      {"time-out", Where::full_queue, {}, true},
      {"hang", Where::answers, of_kind(Reply::Kind::hang, 200), true},
      {"trickle", Where::answers, of_kind(Reply::Kind::trickle_head, 200), true},
      {"huge body", Where::answers, of_kind(Reply::Kind::flood_body, 500)},
      {"reset", Where::answers, of_kind(Reply::Kind::reset, 200)},
      {"expired TLS", Where::expired_tls},
      {"unknown name", Where::unknown_name},
      {"accepted but never delivered", Where::answers, answer(200), false, true},
      {"a callback twice", Where::answers, answer(200), false, true},
      {"a callback before the answer", Where::answers, of_kind(Reply::Kind::wait, 200), false,
       true},
  };
  return all;
}

const Trouble& trouble_of(std::string_view name) {
  for (const Trouble& trouble : all_troubles())
    if (trouble.name == name) return trouble;
  FAIL("there is no trouble " << name);
  return all_troubles().front();
}

std::vector<const connectors::ChannelSpec*> http_channels() {
  std::vector<const connectors::ChannelSpec*> found;
  for (const connectors::ChannelSpec* spec : connectors::all_channels())
    if (testing::speaks_http(*spec)) found.push_back(spec);
  return found;
}

Stage::Stage(const connectors::ChannelSpec& spec, const Trouble& trouble,
             std::function<void(Stage&)> before_answer)
    : world(settings()), spec_(spec), trouble_(trouble), before_answer_(std::move(before_answer)) {
  Reply reply = trouble.reply;
  if (trouble.succeeds) reply.body = testing::success_of(spec);
  receiver_.answer_with(reply);
  lead_to(base_of(trouble.where));
  api_ =
      std::make_unique<api::Api>(world.owner(), world.clock,
                                 api::ApiDeps{.readiness = [] { return api::Readiness{}; },
                                              .metrics = [] { return std::string(); },
                                              .external_url = [] { return std::string(kBase); }});
  api_->replace(std::make_shared<std::vector<api::Token>>(), "secret");
  auto heard = std::make_shared<api::HeardChannels>();
  if (spec_.ear)
    (*heard)["phone"] = {std::string(spec_.name), testing::talking_to(receiver_, spec_.fields),
                         spec_.ear};
  api_->replace(heard);
  world.make_links = [this](const engine::IncidentView& view, const engine::MessageState& message,
                            WallTime now) {
    const IncidentId& id = view.incident.id;
    delivery::Links links;
    if (message.kind == MessageKind::page) {
      links.acknowledge_url = kBase + api_->page_path(id, message.contact.person, now, message.id);
      links.receipt_url = kBase + api_->receipt_path(id, message.id, message.attempt, now);
    }
    links.incident_json = "{}";
    return links;
  };
  world.provider = [this](const std::string& who, const connectors::Notification& page) {
    return hand_over(who, page);
  };
  began_ = world.clock.now().elapsed;
  REQUIRE(world.fire("db-down") == 200);
}

std::string Stage::base_of(Trouble::Where where) {
  switch (where) {
    case Trouble::Where::answers:
      break;
    case Trouble::Where::full_queue:
      queue_.emplace();
      return "http://127.0.0.1:" + std::to_string(queue_->port());
    case Trouble::Where::expired_tls:
      tls_.emplace(TlsProvider::Certificate::expired);
      return "https://127.0.0.1:" + std::to_string(tls_->port());
    case Trouble::Where::unknown_name:
      return "http://" + unknown_host();
  }
  return receiver_.url("");
}

void Stage::lead_to(const std::string& base) {
  connectors::Values values = testing::talking_to(receiver_, spec_.fields);
  for (auto& [key, value] : values.values)
    if (value.starts_with(receiver_.url(""))) value.replace(0, receiver_.url("").size(), base);
  auto made = spec_.make(values, {});
  if (!made) FAIL(made.error().message);
  channel_ = std::move(*made);
}

void Stage::heal() {
  healed_ = true;
  receiver_.answer_with(answer(200, "", testing::success_of(spec_)));
  if (trouble_.where != Trouble::Where::answers) lead_to(receiver_.url(""));
}

std::optional<Attempt> Stage::hand_over(const std::string& who,
                                        const connectors::Notification& page) {
  if (page.kind == MessageKind::page) paged_.try_emplace(who, since_the_beginning());
  if (who != "ada") return std::nullopt;
  connectors::Notification sent = page;
  sent.contact.address = testing::kAnyAddress;  // which every channel takes
  const bool short_of_time = trouble_.until_the_deadline && !healed_;
  const Duration budget = short_of_time ? kShortBudget : delivery::kAttemptBudget;
  Try made{page.id, since_the_beginning(), {}, {}};

  std::promise<Attempt> promise;
  std::future<Attempt> said = promise.get_future();
  const std::size_t before = receiver_.requests().size();
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(lanes_.run(std::string(spec_.name),
                     [&] { promise.set_value(channel_->deliver(sent, budget)); }));
  if (const auto once = std::exchange(before_answer_, nullptr)) {
    while (receiver_.requests().size() == before &&
           std::chrono::steady_clock::now() - begin < kPatience)
      std::this_thread::yield();
    once(*this);
    receiver_.release();
  }
  made.said = said.get();
  made.took = std::chrono::steady_clock::now() - begin;
  if (short_of_time) world.clock.advance(delivery::kAttemptBudget);
  tries.push_back(made);
  return made.said;
}

testing::SentMessage Stage::last_request() const {
  const auto requests = receiver_.requests();
  testing::SentMessage sent;
  if (requests.empty()) return sent;
  sent.all = requests.back().head + requests.back().body;
  if (sent.all.find("application/x-www-form-urlencoded") != std::string::npos)
    testing::add_form(sent, requests.back().body);
  return sent;
}

std::string Stage::link(const std::string& begin) const {
  const std::string all = last_request().all;
  const std::size_t at = all.find(kBase + begin);
  if (at == std::string::npos) return {};
  const std::size_t from = at + std::string(kBase).size() + begin.size();
  const auto belongs = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  std::size_t to = from;
  while (to < all.size() && belongs(all[to])) ++to;
  return all.substr(from, to - from);
}

int Stage::post(const std::string& pattern, const std::string& match, const std::string& form) {
  HttpRequest request;
  request.method = "POST";
  request.matches = {match};
  request.path = pattern.substr(0, pattern.find('(')) + match;
  request.body = form;
  const std::string token = testing::talking_to(receiver_, spec_.fields).get("token");
  request.headers = {{"content-type", "application/x-www-form-urlencoded"},
                     {"x-twilio-signature",
                      wire::twilio_signature(token, kBase + request.path, wire::read_form(form))}};
  request.received = world.clock.now();
  const auto status = std::make_shared<int>(0);
  for (const HttpRoute& route : api_->routes())
    if (route.pattern == pattern && route.method == "POST")
      route.handler(request, [status](const HttpResponse& said) { *status = said.status; });
  world.settle();
  return *status;
}

int Stage::press_link() {
  const bool by_phone = last_request().all.find("<Gather") != std::string::npos;
  return post("/p/([^/]+)", link("/p/"), by_phone ? "CallSid=CA1&Digits=1" : "do=acknowledge");
}

int Stage::report(bool delivered) {
  const std::string all = last_request().all;
  std::string said = delivered ? R"({"status":"delivered"})" : R"({"status":"failed"})";
  if (all.find("StatusCallback") != std::string::npos)
    said = all.find("<Say>") == std::string::npos
               ? (delivered ? "MessageStatus=delivered" : "MessageStatus=undelivered")
               : (delivered ? "CallStatus=completed&AnsweredBy=human" : "CallStatus=busy");
  return post("/r/([^/]+)", link("/r/"), said);
}

std::optional<Duration> Stage::paged_at(const std::string& who) const {
  const auto found = paged_.find(who);
  return found == paged_.end() ? std::nullopt : std::optional(found->second);
}

std::size_t Stage::told(const std::string& text) const {
  const auto& timeline = world.incident().incident.timeline;
  return static_cast<std::size_t>(std::count_if(timeline.begin(), timeline.end(), [&](auto& e) {
    return e.text.find(text) != std::string::npos;
  }));
}

engine::MessageState Stage::first_page() const {
  return world.incident().incident.messages.front();
}

}  // namespace tocsin::troubles

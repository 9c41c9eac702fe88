#include "connectors/channels/slack_ear.hpp"

#include <nlohmann/json.hpp>

#include "connectors/channels/buttons.hpp"
#include "connectors/wire/vendor_signatures.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::channels {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kStateBlock = "tocsin_state";
constexpr std::size_t kMostNameBytes = 100;
// Of what they nest; what is deeper is left out, since copying and writing go one call deeper each.
constexpr int kMostDepth = 32;
constexpr std::size_t kMostWordsBytes = 1'000;
constexpr std::string_view kApiUrl = "https://slack.com/api";

/// A text at a path of objects; empty: there is none.
std::string text_at(const Json& json, const char* pointer) {
  const Json::json_pointer at(pointer);
  return json.contains(at) && json.at(at).is_string() ? json.at(at).get<std::string>() : "";
}

bool is_shallow(int depth, Json::parse_event_t, Json&) { return depth <= kMostDepth; }

Json payload_of(const Hearing& hearing) {
  return Json::parse(wire::value_of(wire::read_form(hearing.request.body), "payload"), is_shallow,
                     false);
}

struct Origin {
  std::string_view scheme, host;  // with its port
};

Origin origin_of(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return {};
  const std::string_view rest = url.substr(colon + 3);
  return {url.substr(0, colon), rest.substr(0, rest.find_first_of("/?#"))};
}

/// Whose server it is that the API is called at, or one below its name: nobody else is told.
bool is_of_slack(std::string_view url, const Values& settings) {
  const std::string api = settings.get("api_url");
  const Origin ours = origin_of(api.empty() ? kApiUrl : std::string_view(api));
  const Origin its = origin_of(url);
  if (its.host.empty() || its.scheme != ours.scheme || its.host.find('@') != std::string_view::npos)
    return false;
  return its.host == ours.host || its.host.ends_with("." + std::string(ours.host));
}

Result<Spoken> hear(const Hearing& hearing) {
  const HttpRequest& request = hearing.request;
  if (request.body.size() > kMostHeardBytes) return invalid("longer than Slack's payloads are");
  if (!wire::is_signed_by_slack(
          request.header("x-slack-signature"), hearing.settings.get("signing_secret"),
          request.header("x-slack-request-timestamp"), request.body, hearing.now))
    return refused(
        "X-Slack-Signature is not that of this request, or it is older than five minutes; it needs "
        "the app's signing secret as signing_secret of this channel, and a clock that is right");
  const Json payload = payload_of(hearing);
  if (!payload.is_object()) return invalid("payload: it is needed, as JSON");
  Spoken spoken;
  if (text_at(payload, "/type") != "block_actions") return spoken;
  // A button that only opens a link is told of as well.
  const auto wish = wish_named(text_at(payload, "/actions/0/action_id"));
  if (!wish) return spoken;
  spoken.wish = *wish;
  spoken.press = text_at(payload, "/actions/0/value");
  spoken.addresses = {text_at(payload, "/user/id")};
  spoken.name = text_at(payload, "/user/username");
  if (spoken.name.empty()) spoken.name = text_at(payload, "/user/name");
  spoken.name = cut(one_line(spoken.name), kMostNameBytes) + " (" +
                cut(one_line(spoken.addresses.front()), kMostNameBytes) + ")";
  return spoken;
}

/// The blocks of the message as it is, without its buttons and what was said of it before; and of
/// the buttons those that open a link.
std::string blocks_of(const Json& payload, std::string& links) {
  std::string blocks;
  const Json none = Json::array();
  const Json::json_pointer at("/message/blocks");
  const Json& all = payload.contains(at) && payload.at(at).is_array() ? payload.at(at) : none;
  const auto text = [](const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  for (const Json& block : all) {
    if (text_at(block, "/block_id") == kStateBlock) continue;
    if (text_at(block, "/type") != "actions") {
      blocks += text(block) + ",";
      continue;
    }
    if (!block.contains("elements") || !block.at("elements").is_array()) continue;
    for (const Json& element : block.at("elements"))
      if (!text_at(element, "/url").empty()) links += (links.empty() ? "" : ",") + text(element);
  }
  if (blocks.empty())
    blocks = R"({"type":"section","text":{"type":"plain_text","text":)" +
             json_string(cut(text_at(payload, "/message/text") + " ", kMostWordsBytes)) + "}},";
  return blocks;
}

std::string message_with(const Json& payload, const Ended& ended) {
  std::string elements = slack_buttons(ended.still, text_at(payload, "/actions/0/value"));
  std::string links;
  std::string blocks = blocks_of(payload, links);
  blocks += R"({"type":"context","block_id":)" + json_string(kStateBlock) +
            R"(,"elements":[{"type":"plain_text","text":)" +
            json_string(cut(one_line(ended.state), kMostWordsBytes)) + "}]}";
  if (!elements.empty() && !links.empty()) elements += ",";
  elements += links;
  if (!elements.empty()) blocks += R"(,{"type":"actions","elements":[)" + elements + "]}";
  return R"({"replace_original":true,"text":)" +
         json_string(cut(text_at(payload, "/message/text"), kMostWordsBytes)) + ",\"blocks\":[" +
         blocks + "]}";
}

Echo answer(const Hearing& hearing, const Ended& ended) {
  Echo echo{{200, "", "", {}}};
  if (ended.how == Ended::How::nothing) return echo;
  const Json payload = payload_of(hearing);
  const std::string url = text_at(payload, "/response_url");
  if (!is_of_slack(url, hearing.settings)) return echo;
  const bool alone = is_for_one(ended.how) || ended.state.empty();
  echo.then =
      FollowUp{url,
               {{"Content-Type", "application/json; charset=utf-8"}},
               alone ? R"({"response_type":"ephemeral","replace_original":false,"text":)" +
                           json_string(cut(plain_lines(ended.sentence), kMostWordsBytes)) + "}"
                     : message_with(payload, ended)};
  return echo;
}

}  // namespace

std::string slack_buttons(const std::vector<Wish>& wishes, const std::string& press) {
  std::string all;
  for (const Wish wish : wishes) {
    const std::string style = wish == Wish::acknowledge ? R"(,"style":"primary")" : "";
    all += (all.empty() ? "" : ",") +
           (R"({"type":"button","text":{"type":"plain_text","text":)" +
            json_string(label_of(wish)) + R"(},"action_id":)" + json_string(to_string(wish)) +
            R"(,"value":)" + json_string(press) + style + "}");
  }
  return all;
}

const Ear kSlackEar{hear, answer, nullptr, true};

}  // namespace tocsin::connectors::channels

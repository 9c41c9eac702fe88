#include "connectors/channels/mattermost_ear.hpp"

#include <nlohmann/json.hpp>

#include "connectors/channels/buttons.hpp"
#include "connectors/wire/json_members.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::channels {
namespace {

using Json = nlohmann::json;
using wire::member;

constexpr std::size_t kMostNameBytes = 100;
// Of what they nest; what is deeper is left out, since copying and writing go one call deeper each.
constexpr int kMostDepth = 32;
constexpr std::size_t kMostShownBytes = 1'000;

std::string text_at(const Json& json, const char* pointer) {
  const Json::json_pointer at(pointer);
  return json.contains(at) && json.at(at).is_string() ? json.at(at).get<std::string>() : "";
}

bool is_shallow(int depth, Json::parse_event_t, Json&) { return depth <= kMostDepth; }

Json call_of(const Hearing& hearing) {
  return Json::parse(hearing.request.body, is_shallow, false);
}

Result<Spoken> hear(const Hearing& hearing) {
  if (hearing.request.body.size() > kMostHeardBytes)
    return invalid("longer than the calls of Mattermost's buttons are");
  const Json call = call_of(hearing);
  const auto wish = wish_named(text_at(call, "/context/do"));
  if (!wish) return invalid("context.do: it is needed, and is one of a button's");
  Spoken spoken;
  spoken.wish = *wish;
  spoken.press = text_at(call, "/context/press");
  if (spoken.press.empty()) return refused("context.press: it is needed");
  for (const char* who : {"/user_id", "/user_name"})
    if (std::string address = text_at(call, who); !address.empty())
      spoken.addresses.push_back(std::move(address));
  if (spoken.addresses.empty()) return invalid("user_id: it is needed");
  spoken.name = cut(one_line(spoken.addresses.back()), kMostNameBytes) + " (" +
                cut(one_line(spoken.addresses.front()), kMostNameBytes) + ")";
  return spoken;
}

Echo answer(const Hearing& hearing, const Ended& ended) {
  const Json call = call_of(hearing);
  if (is_for_one(ended.how) || ended.state.empty())
    return {{200,
             "{\"ephemeral_text\":" +
                 json_string(cut(plain_lines(ended.sentence), kMostShownBytes)) + "}",
             "application/json",
             {}}};
  const std::string text = cut(plain_lines(text_at(call, "/context/text")), kMostKeptBytes);
  std::string message = text;
  message += (text.empty() ? "" : "\n") + ("**" + one_line(ended.state) + "**");
  return {{200,
           "{\"update\":{\"message\":" + json_string(message) +
               member("props", "{\"attachments\":" +
                                   mattermost_buttons(ended.still, text_at(call, "/context/press"),
                                                      hearing.url, text) +
                                   "}") +
               "}}",
           "application/json",
           {}}};
}

}  // namespace

std::string mattermost_buttons(const std::vector<Wish>& wishes, const std::string& press,
                               const std::string& url, const std::string& text) {
  std::string actions;
  for (const Wish wish : wishes) {
    const std::string name = json_string(to_string(wish));
    const std::string style = wish == Wish::acknowledge ? R"(,"style":"primary")" : "";
    actions +=
        (actions.empty() ? "" : ",") +
        ("{\"id\":" + name + R"(,"type":"button")" + member("name", json_string(label_of(wish))) +
         style +
         member("integration",
                "{\"url\":" + json_string(url) +
                    member("context", "{\"press\":" + json_string(press) + member("do", name) +
                                          member("text", json_string(text)) + "}") +
                    "}") +
         "}");
  }
  if (actions.empty()) return "[]";
  return "[{\"fallback\":\"\",\"actions\":[" + actions + "]}]";
}

const Ear kMattermostEar{hear, answer, nullptr, false};

}  // namespace tocsin::connectors::channels

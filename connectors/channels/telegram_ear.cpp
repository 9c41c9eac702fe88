#include "connectors/channels/telegram_ear.hpp"

#include <nlohmann/json.hpp>

#include "connectors/channels/buttons.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/wire/json_members.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::channels {
namespace {

using Json = nlohmann::json;
using wire::member;

constexpr std::size_t kMostCallbackBytes = 64;
constexpr std::size_t kMostShownBytes = 190;
constexpr std::size_t kMostNameBytes = 100;
// Of what they nest; what is deeper is left out, since copying and writing go one call deeper each.
constexpr int kMostDepth = 32;
constexpr std::size_t kMostTextBytes = 3'800;
constexpr std::size_t kButtonsInRow = 2;
// Below the message, what became of it: where one ends and the other begins.
constexpr std::string_view kStateBegins = "\n\n\u25b8 ";
constexpr std::size_t kWishBytes = 2;  // before the press: "a:"
static_assert(kWishBytes + kMostPressBytes <= kMostCallbackBytes,
              "a button has a letter and a colon more");

Json at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  return json.contains(place) ? json.at(place) : Json();
}

std::string text_at(const Json& json, const char* pointer) {
  const Json found = at(json, pointer);
  return found.is_string()           ? found.get<std::string>()
         : found.is_number_integer() ? found.dump()
                                     : std::string();
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_shallow(int depth, Json::parse_event_t, Json&) { return depth <= kMostDepth; }

Json update_of(const Hearing& hearing) {
  return Json::parse(hearing.request.body, is_shallow, false);
}

/// As a button's callback_data is written.
bool is_ours(const std::string& data) { return data.size() >= kWishBytes && data[1] == ':'; }

Result<Spoken> hear(const Hearing& hearing) {
  const std::string secret = hearing.settings.get("webhook_secret");
  if (secret.empty() ||
      !equal_in_constant_time(secret, hearing.request.header("x-telegram-bot-api-secret-token")))
    return refused(
        "X-Telegram-Bot-Api-Secret-Token is not this channel's webhook_secret; call setWebhook "
        "with it as secret_token");
  if (hearing.request.body.size() > kMostHeardBytes)
    return invalid("longer than Telegram's updates are");
  const Json update = update_of(hearing);
  if (!update.is_object()) return invalid("the body is no update of Telegram's");
  Spoken spoken;
  const std::string data = text_at(update, "/callback_query/data");
  if (!is_ours(data)) return spoken;
  for (const Wish wish : all_buttons())
    if (to_string(wish).front() == data.front()) spoken.wish = wish;
  if (spoken.wish == Wish::nothing) return spoken;
  spoken.press = data.substr(kWishBytes);
  spoken.addresses = {text_at(update, "/callback_query/from/id")};
  spoken.name = text_at(update, "/callback_query/from/username");
  if (spoken.name.empty()) spoken.name = text_at(update, "/callback_query/from/first_name");
  spoken.name = cut(one_line(spoken.name), kMostNameBytes) + " (" + spoken.addresses.front() + ")";
  return spoken;
}

/// Rows of the message's keyboard that open links.
std::string link_rows(const Json& message) {
  std::string rows;
  const Json keyboard = at(message, "/reply_markup/inline_keyboard");
  if (!keyboard.is_array()) return rows;
  for (const Json& row : keyboard)
    if (!text_at(row, "/0/url").empty()) rows += (rows.empty() ? "" : ",") + text_of(row);
  return rows;
}

std::optional<FollowUp> edited(const Hearing& hearing, const Json& update, const Ended& ended) {
  const Json message = at(update, "/callback_query/message");
  const std::string text = text_at(message, "/text");
  const std::string data = text_at(update, "/callback_query/data");
  if (text.empty() || ended.state.empty() || is_for_one(ended.how) || !is_ours(data))
    return std::nullopt;
  std::string rows = telegram_buttons(ended.still, data.substr(kWishBytes));
  const std::string links = link_rows(message);
  if (!rows.empty() && !links.empty()) rows += ",";
  const std::string before = cut(text.substr(0, text.rfind(kStateBegins)), kMostTextBytes);
  std::string url = hearing.settings.get("url");
  if (url.empty()) url = "https://api.telegram.org";
  while (url.ends_with('/')) url.pop_back();
  return FollowUp{
      url + "/bot" + hearing.settings.get("token") + "/editMessageText",
      {{"Content-Type", "application/json"}},
      "{\"chat_id\":" + text_of(at(message, "/chat/id")) +
          member("message_id", text_of(at(message, "/message_id"))) +
          member("text", json_string(html_escaped(before) + std::string(kStateBegins) + "<b>" +
                                     html_escaped(one_line(ended.state)) + "</b>")) +
          R"(,"parse_mode":"HTML","link_preview_options":{"is_disabled":true})" +
          member("reply_markup", "{\"inline_keyboard\":[" + rows + links + "]}") + "}"};
}

Echo answer(const Hearing& hearing, const Ended& ended) {
  const Json update = update_of(hearing);
  const std::string query = text_at(update, "/callback_query/id");
  if (query.empty()) return {{200, "", "", {}}};
  // Whatever it was, the button stops to turn.
  std::string body = R"({"method":"answerCallbackQuery")";
  body += member("callback_query_id", json_string(query));
  if (!ended.sentence.empty())
    body += member("text", json_string(cut(plain_lines(ended.sentence), kMostShownBytes)));
  if (ended.how != Ended::How::done && ended.how != Ended::How::nothing)
    body += R"(,"show_alert":true)";
  return {{200, body + "}", "application/json", {}}, edited(hearing, update, ended)};
}

}  // namespace

std::string telegram_buttons(const std::vector<Wish>& wishes, const std::string& press) {
  std::string rows, row;
  std::size_t in_row = 0;
  for (const Wish wish : wishes) {
    const std::string data = std::string(1, to_string(wish).front()) + ":" + press;
    row += (row.empty() ? "" : ",") + ("{\"text\":" + json_string(label_of(wish)) +
                                       member("callback_data", json_string(data)) + "}");
    if (++in_row % kButtonsInRow != 0 && in_row != wishes.size()) continue;
    rows += (rows.empty() ? "[" : ",[") + row + "]";
    row.clear();
  }
  return rows;
}

const Ear kTelegramEar{hear, answer, nullptr, true};

}  // namespace tocsin::connectors::channels

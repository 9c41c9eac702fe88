// What Telegram posts when a button is pressed, and what it is answered.
#include <nlohmann/json.hpp>

#include "tests/connectors/fixture.hpp"
#include "tests/connectors/hearing.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using nlohmann::json;

namespace {

const std::string kSecret = "telegram_webhook-secret";
const std::string kToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

struct Telegram : Heard {
  json update = json::parse(fixture("answers/telegram.json"));

  Telegram() : Heard("telegram", {{"webhook_secret", kSecret}, {"token", kToken}}) { press(); }
  void press(const std::string& secret = kSecret) {
    post(update.dump(), {{"x-telegram-bot-api-secret-token", secret}});
  }
  json& query() { return update["callback_query"]; }
};

}  // namespace

TEST_CASE("a button in Telegram says who and which and what") {
  Telegram telegram;
  const Spoken spoken = telegram.heard();
  CHECK(spoken.wish == Wish::resolve);
  CHECK(spoken.press == "7zq4m2k9w1x3c5v8.1796000000.c2ln");
  // The user, never the chat: a group has many.
  CHECK(spoken.addresses == std::vector<std::string>{"1111"});
  CHECK(spoken.name == "ada (1111)");
  telegram.query()["data"] = "a:x";
  telegram.press();
  CHECK(telegram.heard().wish == Wish::acknowledge);
}

TEST_CASE("what does not come with the webhook's secret is refused") {
  Telegram telegram;
  for (const std::string& secret : {std::string(), kSecret + "x", kSecret.substr(1)}) {
    telegram.press(secret);
    const auto spoken = telegram.hear();
    REQUIRE_FALSE(spoken);
    CHECK(spoken.error().kind == ErrorKind::refused);
    CHECK(spoken.error().message.find(kSecret) == std::string::npos);
  }
  telegram.settings.values["webhook_secret"] = "";
  telegram.press("");
  CHECK_FALSE(telegram.hear());
}

TEST_CASE("an update that is no button of ours is taken and asks for nothing") {
  Telegram telegram;
  for (const char* data : {"", "a", "x:y", "/ack", "acknowledge"}) {
    telegram.query()["data"] = data;
    telegram.press();
    CHECK(telegram.heard().wish == Wish::nothing);
    // The button stops to turn.
    CHECK(telegram.answer({}).response.body.find("answerCallbackQuery") != std::string::npos);
  }
  for (const json& data : {json(), json(7), json("a")}) {
    telegram.query()["data"] = data;
    telegram.press();
    CHECK_FALSE(telegram.answer(acknowledged_by_ada()).then);
  }
  telegram.update = {{"update_id", 1}, {"message", {{"text", "hello"}}}};
  telegram.press();
  CHECK(telegram.heard().wish == Wish::nothing);
  CHECK(telegram.answer({}).response.body.empty());
  for (const char* body : {"", "[]", "7", "{"}) {
    telegram.post(body, {{"x-telegram-bot-api-secret-token", kSecret}});
    CHECK_FALSE(telegram.hear());
  }
}

TEST_CASE("whoever pressed is told and the message shows who has it") {
  Telegram telegram;
  const Echo echo = telegram.answer(acknowledged_by_ada());
  const json said = json::parse(echo.response.body);
  CHECK(said.at("method") == "answerCallbackQuery");
  CHECK(said.at("callback_query_id") == "4382bfdwdsb323b2d9");
  CHECK(said.at("text") == "Acknowledged by ada at 02:04 UTC.");
  CHECK(said.count("show_alert") == 0);
  REQUIRE(echo.then);
  CHECK(echo.then->url == "https://api.telegram.org/bot" + kToken + "/editMessageText");
  const json more = json::parse(echo.then->body);
  CHECK(more.at("chat_id") == -1001234567890);
  CHECK(more.at("message_id") == 321);
  CHECK(
      more.at("text") ==
      "CRITICAL: a &lt;b&gt; &amp; c\nhttps://tocsin.example.com/p/x\n\n\u25b8 <b>Acknowledged by "
      "ada at 02:04 UTC</b>");
  const json& keyboard = more.at("reply_markup").at("inline_keyboard");
  REQUIRE(keyboard.size() == 2);
  CHECK(keyboard.at(0).at(0).at("callback_data") == "r:7zq4m2k9w1x3c5v8.1796000000.c2ln");
  CHECK(keyboard.at(1).at(0).at("url") == "https://tocsin.example.com/p/x");
}

TEST_CASE("a stranger is shown why and an old message is left as it is") {
  Telegram telegram;
  const Echo echo = telegram.answer(to_a_stranger());
  CHECK(json::parse(echo.response.body).at("show_alert") == true);
  CHECK_FALSE(echo.then);
  telegram.query()["message"] = {{"chat", {{"id", 1}}}, {"message_id", 2}, {"date", 0}};
  telegram.press();
  CHECK_FALSE(telegram.answer(acknowledged_by_ada()).then);
  Ended longer = acknowledged_by_ada();
  longer.sentence = std::string(500, 'x');
  CHECK(json::parse(telegram.answer(longer).response.body).at("text").get<std::string>().size() <=
        200);
}

TEST_CASE("a hundred thousand lists within each other cost Telegram's ear nothing") {
  Telegram telegram;
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  for (const char* where : {"chat", "id", "inline_keyboard", "data", "message"}) {
    std::string body = telegram.update.dump();
    const std::string name = "\"" + std::string(where) + "\":";
    const std::size_t at = body.find(name);
    REQUIRE(at != std::string::npos);
    body.insert(at + name.size(), deep + ",\"before\":");
    telegram.post(body, {{"x-telegram-bot-api-secret-token", kSecret}});
    static_cast<void>(telegram.hear());
    static_cast<void>(telegram.answer(acknowledged_by_ada()));
  }
}

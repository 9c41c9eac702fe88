// Text of a team's own: which words there are, what is left out, and that nothing breaks out of it.
#include "connectors/channels/template.hpp"

#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/connectors/channel_stand.hpp"
#include "tests/connectors/notification.hpp"
#include "tests/connectors/receiver.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using channels::Template;
using tocsin::testing::Receiver;
using tocsin::testing::sample_notification;

namespace {

constexpr Duration kAmple = std::chrono::seconds(20);

std::string filled(const std::string& text, const Notification& n = sample_notification()) {
  const auto made = Template::parse(text);
  if (!made) FAIL(made.error().message);
  return made->fill(n);
}

std::string refusal(const std::string& type, std::map<std::string, std::string> settings,
                    const std::string& text) {
  settings["template"] = text;
  const auto made = find_channel(type)->make({"room", settings}, {});
  REQUIRE_FALSE(made);
  return made.error().message;
}

}  // namespace

TEST_CASE("the words of a template are what the message has of them") {
  CHECK(filled("{{severity}}: {{title}} ({{service}}, {{team}})\n{{impact}} {{ why }}") ==
        "critical: HighErrorRate: checkout (checkout, payments)\nCustomers cannot pay You are on "
        "call for payments (step 1 of 2).\n");
  CHECK(filled("{{label.cluster}} {{alerts}} {{since}} {{person}} {{kind}} {{incident}} {{id}}") ==
        "eu-1 3 2026-11-22T01:51:51Z ada page 7zq4m2k9w1x3c5v8 msg-7zq4m2k9w1x3c5v8\n");
  const Notification n = sample_notification();
  CHECK(filled("{{link}}\n{{details}}") == n.acknowledge_url + "\n" + n.console_url + "\n");
  CHECK(filled("{ {title} } and } }}") == "{ {title} } and } }}\n");
}

TEST_CASE("a line of a template with nothing to say is left out") {
  Notification n = sample_notification();
  n.impact.clear();
  CHECK(filled("Impact: {{impact}}\nalways\nRunbook: {{runbook}} {{label.none}}\n"
               "{{impact}}{{team}}",
               n) == "always\npayments\n");
}

TEST_CASE("a template names the drill wherever the title stands") {
  CHECK(filled("{{title}}", tocsin::testing::sample_drill()) ==
        "[GAMEDAY payments-staging] HighErrorRate: checkout\n");
  CHECK(filled("{{mark}} {{gameday}}", tocsin::testing::sample_drill()) ==
        "[GAMEDAY payments-staging] payments-staging\n");
  Notification real = sample_notification();
  real.not_the_drill = "REAL, not the drill";
  CHECK(filled("{{title}}", real) == "REAL, not the drill: HighErrorRate: checkout\n");
}

TEST_CASE("what an alert says does not become more of a template") {
  Notification n = sample_notification();
  n.impact = "{{link}}\n{{why}}\x1b[31m";
  CHECK(filled("{{impact}}", n).find("{{link}} {{why}}") == 0);
  CHECK(filled("{{impact}}", n).find('\x1b') == std::string::npos);
  n.impact = std::string(100'000, 'x');
  CHECK(filled("{{impact}}", n).size() < 2'000);
}

TEST_CASE("a template that cannot be filled is refused by key") {
  const std::map<std::string, std::string> hook{{"url", "http://127.0.0.1/"}};
  CHECK(
      refusal("discord", hook, "{{titel}}")
          .starts_with(
              "channels.room.template: there is no word {{titel}}; known are: alerts, details, "));
  CHECK(refusal("discord", hook, "a {{title\n}}") ==
        "channels.room.template: {{ without }} on the same line; write a word between them");
  CHECK(refusal("discord", hook, " \n \n") ==
        "channels.room.template: it says nothing; write a line, or leave it out");
  for (const char* word : {"{{}}", "{{label.}}", "{{title|x}}", "{{{{title}}"})
    CHECK_THAT(refusal("discord", hook, word),
               Catch::Matchers::StartsWith("channels.room.template: there is no word "));
  CHECK_THAT(refusal("discord", hook, std::string(20'000, 'x')),
             Catch::Matchers::Contains("shorten it"));
  for (const char* body : {"{{title}}", R"({"text": {{title}}})", R"({"text": "{{title}})",
                           ""
                           "text"})
    CHECK_THAT(refusal("webhook", hook, body),
               Catch::Matchers::StartsWith("channels.room.template: with a sample it is no JSON"));
}

TEST_CASE("a template's lines stand between the headline and the link") {
  Receiver receiver;
  const auto channel = find_channel("discord")->make(
      {"room", {{"url", receiver.url()}, {"template", "{{impact}}\n*{{team}}*\n"}}}, {});
  REQUIRE(channel);
  Notification n = sample_notification();
  CHECK((*channel)->deliver(n, kAmple).outcome == AttemptOutcome::accepted);
  const auto content = [&](std::size_t i) {
    return nlohmann::json::parse(receiver.requests().at(i).body).at("content").get<std::string>();
  };
  CHECK(content(0) == "CRITICAL: HighErrorRate: checkout\nCustomers cannot pay\n\\*payments\\*\n" +
                          n.acknowledge_url);
  // What is over is said as always.
  n.kind = MessageKind::resolved;
  CHECK((*channel)->deliver(n, kAmple).outcome == AttemptOutcome::accepted);
  CHECK(content(1).find("Customers cannot pay") == std::string::npos);
  CHECK(content(1).starts_with("RESOLVED: "));
}

TEST_CASE("a webhook posts a body of one's own and no alert breaks out of its strings") {
  Receiver receiver;
  const auto channel = find_channel("webhook")->make(
      {"hook",
       {{"url", receiver.url()},
        {"template", "{\"text\": \"{{headline}}\",\n \"link\": \"{{link}}\", \"n\": [1]}"}}},
      {});
  REQUIRE(channel);
  Notification n = sample_notification();
  n.title = "\"}, \\ \"x\": \xff";
  CHECK((*channel)->deliver(n, kAmple).outcome == AttemptOutcome::accepted);
  CHECK(nlohmann::json::parse(receiver.requests().at(0).body) ==
        nlohmann::json{
            {"text", "CRITICAL: \"}, \\ \"x\": \ufffd"}, {"link", n.acknowledge_url}, {"n", {1}}});
}

TEST_CASE("every channel with a template shows the mark of a drill before all else", "[contract]") {
  std::size_t with_one = 0;
  for (const ChannelSpec* spec : all_channels()) {
    const auto field = std::find_if(spec->fields.begin(), spec->fields.end(),
                                    [](const Field& f) { return f.key == "template"; });
    if (field == spec->fields.end()) continue;
    ++with_one;
    for (const MessageKind kind : tocsin::testing::kToChannels) {
      INFO(spec->name << " " << to_string(kind));
      const Notification n = tocsin::testing::sample_drill(kind);
      const auto sent =
          tocsin::testing::sent_by(*spec, n, {{"template", std::string(field->example)}});
      tocsin::testing::expect_mark(sent, n.mark, sample_notification().title);
    }
  }
  CHECK(with_one > 5);
}

// The messages of a notice: one contact after the other, and what becomes of attempts.
#include "router/engine/notice.hpp"
#include "router/engine/decide.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;

namespace {

struct OneNotice {
  Notices notices;
  Instant now{WallTime(std::chrono::hours(24 * 20'000)), 1, 5h};
  std::uint64_t boot = 7;

  explicit OneNotice(MessageKind kind = MessageKind::on_call) {
    effect::Noticed noticed{{"notice_1"}, "primary", "You are on call", "", "crew", 1h, {}};
    for (const std::string channel : {"push", "mail", "sms"})
      noticed.messages.push_back({{"msg_" + channel}, kind, {"ada", channel, "ada"}, {}});
    add_notice(notices, noticed, now);
  }
  Notice& notice() { return notices.begin()->second; }
  Moment moment() const { return {now, boot}; }
  MessageStatus status(std::size_t message) { return notice().messages.at(message).status; }

  /// Begins what is due; which messages.
  std::vector<std::string> begin() {
    std::vector<std::string> begun;
    for (const effect::Attempted& due : attempts_due(notice(), moment())) {
      CHECK(due.incident == as_incident(notice().id));
      begin_attempt(notice(), due, boot, now);
      begun.push_back(due.message.text);
    }
    return begun;
  }
  void hear(const std::string& message, Attempt said) {
    for (const MessageState& each : notice().messages)
      if (each.id.text == message)
        apply_result({as_incident(notice().id), each.id, each.attempt, now, said}, notice());
  }
  void pass(Duration time) {
    now.wall += time;
    now.elapsed += time;
  }
};

using Begun = std::vector<std::string>;

}  // namespace

TEST_CASE("a notice goes to one contact and to no other once that has it") {
  OneNotice one;
  CHECK(notice_in(one.notice(), one.moment()) == Duration::zero());
  CHECK(one.begin() == Begun{"msg_push"});
  CHECK(one.begin().empty());
  one.hear("msg_push", Attempt::accepted("taken"));
  CHECK(one.status(0) == MessageStatus::accepted);
  CHECK(one.status(1) == MessageStatus::withdrawn);
  CHECK(one.status(2) == MessageStatus::withdrawn);
  CHECK_FALSE(notice_in(one.notice(), one.moment()));
}

TEST_CASE("where a contact does not work the next one has the notice at once") {
  OneNotice one;
  one.begin();
  one.hear("msg_push", Attempt::rejected("gone"));
  CHECK(one.begin() == Begun{"msg_mail"});
  one.hear("msg_mail", Attempt::rejected("gone"));
  CHECK(one.begin() == Begun{"msg_sms"});
}

TEST_CASE("a contact that goes on failing for now is not waited for") {
  OneNotice one;
  for (int i = 0; i < 3; ++i) {
    CHECK(one.begin() == Begun{"msg_push"});
    one.hear("msg_push", Attempt::retry_later("503"));
    if (i < 2) one.pass(1min);
  }
  CHECK(one.begin() == Begun{"msg_mail"});
  one.pass(30s);
  one.hear("msg_mail", Attempt::accepted("taken"));
  CHECK(one.status(0) == MessageStatus::withdrawn);
}

TEST_CASE("an attempt whose process is gone is made again under the same id") {
  OneNotice one;
  one.begin();
  one.boot = 8;
  CHECK(one.begin() == Begun{"msg_push"});
  CHECK(one.notice().messages.front().attempt == 2);
  // The first one arrived all the same.
  apply_result({as_incident(one.notice().id), {"msg_push"}, 1, one.now, Attempt::accepted("")},
               one.notice());
  CHECK(one.status(0) == MessageStatus::accepted);
}

TEST_CASE("a notice that is of no use any more is not begun") {
  OneNotice one;
  one.begin();
  one.hear("msg_push", Attempt::retry_later("503"));
  one.pass(61min);
  CHECK(one.begin().empty());
  CHECK_FALSE(notice_in(one.notice(), one.moment()));
  CHECK(why_not_send(one.notice(), one.notice().messages.front(), one.now) ==
        "it is too late to be of use");
}

TEST_CASE("a test of contacts goes to all of them and each speaks for itself") {
  OneNotice one(MessageKind::contact_test);
  CHECK(one.begin() == Begun{"msg_push", "msg_mail", "msg_sms"});
  one.hear("msg_push", Attempt::accepted("taken"));
  one.hear("msg_mail", Attempt::rejected("gone"));
  for (int i = 0; i < 4; ++i) {
    one.hear("msg_sms", Attempt::retry_later("503"));
    one.pass(1min);
    one.begin();
  }
  CHECK(one.status(0) == MessageStatus::accepted);
  CHECK(one.status(1) == MessageStatus::rejected);
  CHECK(one.status(2) == MessageStatus::rejected);  // it is not asked for ever
}

TEST_CASE("a notice is made once and forgotten after some days") {
  OneNotice one;
  one.begin();
  effect::Noticed again{{"notice_1"}, "primary", "Another title", "", "", 1h, {}};
  add_notice(one.notices, again, one.now);
  CHECK(one.notice().title == "You are on call");
  one.pass(kNoticeKept + 1s);
  add_notice(one.notices, {{"notice_2"}, "primary", "t", "", "", 1h, {}}, one.now);
  CHECK(one.notices.size() == 1);
  CHECK(one.notice().id.text == "notice_2");
}

TEST_CASE("no more notices are kept than there is room for and the oldest go") {
  Notices notices;
  Instant now{WallTime(std::chrono::hours(24 * 20'000)), 1, 5h};
  for (std::size_t i = 0; i <= kMostNotices; ++i) {
    now.wall += 1ms;
    add_notice(notices, {make_notice_id({std::to_string(i)}), "", "", "", "", 1h, {}}, now);
  }
  CHECK(notices.size() == kMostNotices);
  CHECK_FALSE(notices.contains(make_notice_id({"0"})));
  CHECK(notices.contains(make_notice_id({"1"})));
}

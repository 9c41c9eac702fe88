// What is known of contacts: from what providers and people say.
#include "router/engine/contact_health.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;

namespace {

const Contact kPhone{"ada", "phone", "1"};
constexpr WallTime kNow{1'795'312'363s};

Attempt with_receipt() {
  Attempt said = Attempt::accepted("queued");
  said.receipt_within = 30s;
  return said;
}

}  // namespace

TEST_CASE("a contact works when its provider takes a message and nobody is to say more") {
  ContactsHealth contacts;
  hear_result(contacts, kPhone, Attempt::retry_later("HTTP 503"), kNow);
  CHECK(contacts.at(kPhone).failures == 1);
  CHECK(contacts.at(kPhone).detail == "HTTP 503");
  hear_result(contacts, kPhone, Attempt::accepted("ok"), kNow + 1s);
  const ContactHealth& health = contacts.at(kPhone);
  CHECK(health.failures == 0);
  CHECK(health.detail.empty());
  CHECK(health.worked_at == kNow + 1s);
  CHECK(health.failed_at == kNow);
  CHECK_FALSE(health.confirmed_at);
}

TEST_CASE("of a contact with receipts only these say that it works") {
  ContactsHealth contacts;
  for (int i = 0; i < 3; ++i) {
    hear_result(contacts, kPhone, with_receipt(), kNow + i * 1min);
    hear_failure(contacts, kPhone, "no receipt within 30s", kNow + i * 1min + 30s);
  }
  CHECK(contacts.at(kPhone).failures == 3);
  CHECK(is_lately_failing(contacts.at(kPhone), kNow + 1h));
  hear_result(contacts, kPhone, Attempt::receipt(true, ""), kNow + 5min);
  CHECK(contacts.at(kPhone).failures == 0);
  CHECK(contacts.at(kPhone).delivered_at == kNow + 5min);
  CHECK(contacts.at(kPhone).confirmed_at == kNow + 5min);
  CHECK_FALSE(is_lately_failing(contacts.at(kPhone), kNow + 1h));
}

TEST_CASE("of a contact with receipts a message that asks for none shows nothing") {
  ContactsHealth contacts;
  for (int i = 0; i < 3; ++i) {
    hear_result(contacts, kPhone, with_receipt(), kNow);
    hear_failure(contacts, kPhone, "no receipt within 30s", kNow + 30s);
  }
  hear_result(contacts, kPhone, Attempt::accepted("queued"), kNow + 1min);  // that it is over
  CHECK(is_lately_failing(contacts.at(kPhone), kNow + 1h));
}

TEST_CASE("a contact that was rejected stays so until it works") {
  ContactsHealth contacts;
  hear_result(contacts, kPhone, Attempt::rejected("gone"), kNow);
  CHECK(is_lately_failing(contacts.at(kPhone), kNow + 10 * kLately));
  hear_result(contacts, kPhone, Attempt::accepted("queued"), kNow + 10 * kLately);
  CHECK_FALSE(is_lately_failing(contacts.at(kPhone), kNow + 10 * kLately));
}

TEST_CASE("a contact is lately failing when it was rejected or failed three times within a week") {
  ContactsHealth contacts;
  CHECK_FALSE(is_lately_failing(ContactHealth{}, kNow));
  for (int i = 0; i < 2; ++i) hear_result(contacts, kPhone, Attempt::retry_later("HTTP 503"), kNow);
  CHECK_FALSE(is_lately_failing(contacts.at(kPhone), kNow));
  hear_result(contacts, kPhone, Attempt::retry_later("HTTP 503"), kNow);
  CHECK(is_lately_failing(contacts.at(kPhone), kNow));
  CHECK(is_lately_failing(contacts.at(kPhone), kNow + kLately - 1s));
  CHECK_FALSE(is_lately_failing(contacts.at(kPhone), kNow + kLately));
  hear_person(contacts, kPhone, kNow);
  CHECK_FALSE(is_lately_failing(contacts.at(kPhone), kNow));
  hear_result(contacts, kPhone, Attempt::rejected("gone"), kNow);
  CHECK(is_lately_failing(contacts.at(kPhone), kNow));
}

TEST_CASE("what the sending gate held back says nothing of a contact") {
  ContactsHealth contacts;
  hear_result(contacts, kPhone, {AttemptOutcome::withheld, "acknowledged by bob", {}, {}}, kNow);
  Attempt waits = Attempt::retry_later("this node may not send");
  waits.tried = false;
  hear_result(contacts, kPhone, waits, kNow);
  CHECK(contacts.empty());
}

TEST_CASE("what partitions know of a contact is merged to the latest of each") {
  ContactsHealth one, other, third;
  hear_result(one, kPhone, Attempt::retry_later("first"), kNow);
  hear_result(other, kPhone, Attempt::accepted("ok"), kNow + 1s);
  hear_result(third, kPhone, Attempt::retry_later("second"), kNow + 2s);
  hear_result(third, kPhone, Attempt::retry_later("third"), kNow + 3s);
  hear_person(other, kPhone, kNow - 1h);
  hear_result(other, {"bob", "phone", "2"}, Attempt::accepted("ok"), kNow);
  std::vector<const ContactsHealth*> orders[] = {{&one, &other, &third}, {&third, &other, &one}};
  for (const auto& order : orders) {
    ContactsHealth all;
    for (const ContactsHealth* each : order) merge(all, *each);
    CHECK(all.size() == 2);
    CHECK(all.at(kPhone).failures == 2);  // the first is older than that it worked
    CHECK(all.at(kPhone).failed_at == kNow + 3s);
    CHECK(all.at(kPhone).detail == "third");
    CHECK(all.at(kPhone).accepted_at == kNow + 1s);
    CHECK(all.at(kPhone).confirmed_at == kNow - 1h);
  }
}

TEST_CASE("past the limit the contact that was heard of longest ago is forgotten") {
  ContactsHealth contacts;
  for (std::size_t i = 0; i < kMostContactsKept; ++i)
    hear_result(contacts, {"p" + std::to_string(i), "phone", ""}, Attempt::accepted("ok"),
                kNow + i * 1s);
  hear_failure(contacts, {"p0", "phone", ""}, "late", kNow + 24h);
  hear_result(contacts, kPhone, Attempt::accepted("ok"), kNow + 25h);
  CHECK(contacts.size() == kMostContactsKept);
  CHECK(contacts.contains({"p0", "phone", ""}));
  CHECK_FALSE(contacts.contains({"p1", "phone", ""}));
  CHECK(contacts.contains(kPhone));
}

#include "router/api/page_link.hpp"

#include <set>

#include "router/api/contact_link.hpp"
#include "router/api/press_token.hpp"
#include "router/api/signed_text.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::api;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kSecret = "a secret of the house";
constexpr WallTime kNow{1'795'312'363s};

PageLink ada() { return {{"k7q2m9xw4c1r8t3z"}, "ada", kNow + kPageLinkLife}; }

void is_refused(const std::string& link, WallTime at = kNow) {
  const auto read = verify(link, kSecret, at);
  INFO(link);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::refused);
}

}  // namespace

TEST_CASE("a link gives back what was signed") {
  for (const std::string person :
       {"ada", "", "grace.hopper", "Jürgen Müller", "a.b.c", "o'brien <o@b>", "\xff\x01"}) {
    PageLink link = ada();
    link.person = person;
    const auto read = verify(sign(link, kSecret), kSecret, kNow);
    REQUIRE(read);
    CHECK(*read == link);
  }
}

TEST_CASE("a link fits into one segment of a path whoever was paged") {
  PageLink link = ada();
  link.person = "a/b?c#d e\n<\">";
  CHECK(
      sign(link, kSecret)
          .find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
      std::string::npos);
}

TEST_CASE("a link works until the moment it expires and not then") {
  const std::string link = sign(ada(), kSecret);
  const WallTime expires = ada().expires;
  CHECK(verify(link, kSecret, expires - 1s));
  is_refused(link, expires);
  is_refused(link, expires + 24h * 365);
  const auto read = verify(link, kSecret, expires);
  CHECK(read.error().message.find("has expired") != std::string::npos);
}

TEST_CASE("a link with any byte changed is refused") {
  const std::string link = sign(ada(), kSecret);
  for (std::size_t at = 0; at < link.size(); ++at)
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = link;
      changed[at] = static_cast<char>(byte);
      if (changed != link && verify(changed, kSecret, kNow)) FAIL_CHECK("accepted: " << changed);
    }
}

TEST_CASE("a link that was cut or lengthened is refused") {
  const std::string link = sign(ada(), kSecret);
  for (std::size_t size = 0; size < link.size(); ++size) is_refused(link.substr(0, size));
  for (const char* more : {"A", "=", ".", ".x", "\n"}) is_refused(link + more);
  is_refused("." + link);
}

TEST_CASE("parts cannot be moved between links") {
  const std::string one = sign(ada(), kSecret);
  PageLink other = ada();
  other.incident.text = "0000000000000000";
  const std::string two = sign(other, kSecret);
  is_refused(two.substr(0, two.rfind('.')) + one.substr(one.rfind('.')));
  PageLink later = ada();
  later.expires += 1s;
  CHECK(sign(later, kSecret).substr(sign(later, kSecret).rfind('.')) != one.substr(one.rfind('.')));
}

TEST_CASE("the link of a drill is another than that of what it was copied from") {
  const AlertId alert{"alert"};
  std::set<std::string> incidents;
  for (const Realm& realm :
       {Realm{}, Realm{"cdp-staging", 1}, Realm{"cdp-staging", 2}, Realm{"cdp", 1}}) {
    PageLink link = ada();
    link.incident = make_incident_id(0, alert, realm);
    const auto read = verify(sign(link, kSecret), kSecret, kNow);
    REQUIRE(read);
    CHECK(read->incident == link.incident);
    incidents.insert(read->incident.text);
  }
  CHECK(incidents.size() == 4);
}

TEST_CASE("a link signed with another secret is refused") {
  is_refused(sign(ada(), "a secret of another house"));
  is_refused(sign(ada(), ""));
}

TEST_CASE("what is no link at all is refused however long it is") {
  for (const std::string& text :
       {std::string(), std::string("."), std::string("..."), std::string("a.b.c.d"),
        std::string(100'000, 'a'), std::string(100'000, '.'), std::string("\0\0.\0", 4)})
    CHECK_FALSE(verify(text, kSecret, kNow));
}

TEST_CASE("a time that no clock shows makes no link however well it is signed") {
  for (const char* const until :
       {"9223372036854775807", "253402300800", "-1", "", "x", "1795400000x"}) {
    INFO(until);
    const std::string page = std::string("7zq4m2k9.YWRh.") + until;
    CHECK_FALSE(verify(page + "." + signature("page link", page, kSecret), kSecret, kNow));
    const std::string receipt = std::string("7zq4m2k9.M1.1.") + until;
    CHECK_FALSE(
        verify_receipt(receipt + "." + signature("receipt link", receipt, kSecret), kSecret, kNow));
    const std::string contact = std::string("notice_7.M1.") + until;
    CHECK_FALSE(
        verify_contact(contact + "." + signature("contact test", contact, kSecret), kSecret, kNow));
    const std::string press = std::string("7zq4m2k9.") + until;
    CHECK_FALSE(verify_press(press + "." + signature("button", press, kSecret), kSecret, kNow));
  }
  const std::string good = "7zq4m2k9.M1.1.253402300799";
  CHECK(verify_receipt(good + "." + signature("receipt link", good, kSecret), kSecret, kNow));
}

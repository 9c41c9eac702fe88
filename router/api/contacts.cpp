#include "router/api/contacts.hpp"

#include <algorithm>

#include "router/api/oncall_view.hpp"
#include "router/core/text.hpp"
#include "router/oncall/reach.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kCharactersShown = 2;

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::unverified:
      return "unverified";
    case Standing::verified:
      return "verified";
    case Standing::failing:
      return "failing";
  }
  return "unverified";
}

KnownContact ContactBook::known(const Contact& contact) const {
  KnownContact known;
  known.contact = contact;
  const auto proof =
      proofs_.find({contact.person, contact.channel, hash_of_address(contact.address)});
  if (proof != proofs_.end()) {
    known.verified_at = proof->second.said.at;
    known.verified_how = proof->second.said.how;
  }
  if (const auto health = health_.find(contact); health != health_.end()) {
    const auto& confirmed = health->second.confirmed_at;
    if (confirmed && (!known.verified_at || *known.verified_at < *confirmed)) {
      known.verified_at = confirmed;
      known.verified_how = "a message that arrived";
    }
    // An answer that came after the last failure says that it works again.
    const bool answered = known.verified_at && known.verified_at >= health->second.failed_at;
    if (!answered && engine::is_lately_failing(health->second, now_)) {
      known.standing = Standing::failing;
      known.failed_at = health->second.failed_at;
      known.failure = health->second.detail;
      return known;
    }
  }
  if (known.verified_at) known.standing = Standing::verified;
  return known;
}

std::vector<KnownContact> ContactBook::of(const oncall::Person& person) const {
  std::vector<KnownContact> all;
  for (const oncall::Way& way : ways_to(person))
    all.push_back(known({person.name, way.channel, way.address}));
  return all;
}

bool ContactBook::reaches(const oncall::Person& person, bool strict) const {
  const std::vector<KnownContact> all = of(person);
  const bool any_verified = std::any_of(all.begin(), all.end(), [](const KnownContact& each) {
    return each.verified_at.has_value();
  });
  const auto works = [&](const oncall::Due& due) {
    const Standing standing = known(due.contact).standing;
    return standing == Standing::verified ||
           (standing == Standing::unverified && !strict && !any_verified);
  };
  // Whatever the alert's severity.
  for (const Severity severity :
       {Severity::info, Severity::warning, Severity::error, Severity::critical}) {
    const std::vector<oncall::Due> ways = oncall::ways_by_hand(person, severity);
    if (std::none_of(ways.begin(), ways.end(), works)) return false;
  }
  return true;
}

Result<bool> strict_asked(const HttpRequest& request) {
  const std::string_view strict = request.query_value("strict");
  if (!strict.empty() && strict != "true" && strict != "false")
    return invalid("strict: true or false");
  return strict == "true";
}

std::string masked(std::string_view address) {
  std::string shown;
  for (std::size_t i = 0; i < kCharactersShown && !address.empty(); ++i) {
    const std::size_t length = first_character(address).length;
    shown += one_line(address.substr(0, length));
    address.remove_prefix(length);
  }
  return shown + "…";
}

}  // namespace tocsin::api

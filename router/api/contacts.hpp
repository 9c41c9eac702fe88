// What is known of people's contacts: whether they work, and whether a person can be reached at
// all. Pure.
//
//   verified     its person has shown that a message arrived there: by the button of a test, by the
//                link of a page, or by a receipt of its provider
//   failing      it has lately been refused, or failed again and again, since it last worked
//   unverified   neither is known
//
// Somebody can be reached who has a contact that is verified and not failing; and as long as none
// of theirs was ever verified, a contact that is not failing, so that a new installation is not all
// red. `strict` asks for verified ones of everybody.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "router/core/http.hpp"
#include "router/engine/contact_health.hpp"
#include "router/engine/facts.hpp"
#include "router/oncall/directory.hpp"

namespace tocsin::api {

enum class Standing { unverified, verified, failing };
std::string_view to_string(Standing standing);

struct KnownContact {
  Contact contact;
  Standing standing = Standing::unverified;
  std::optional<WallTime> verified_at;
  std::string verified_how;           // for people
  std::optional<WallTime> failed_at;  // failing: the last time …
  std::string failure;                // … and in the provider's words
};

class ContactBook {
 public:
  ContactBook() = default;
  ContactBook(engine::ContactsHealth health, std::map<engine::ContactKey, engine::KeptProof> proofs,
              WallTime now)
      : health_(std::move(health)), proofs_(std::move(proofs)), now_(now) {}

  KnownContact known(const Contact& contact) const;
  /// All of a person's contacts.
  std::vector<KnownContact> of(const oncall::Person& person) const;
  bool reaches(const oncall::Person& person, bool strict) const;

 private:
  engine::ContactsHealth health_;
  std::map<engine::ContactKey, engine::KeptProof> proofs_;
  WallTime now_{};
};

/// `strict` of a query: false, if it is not said. Errors: invalid.
Result<bool> strict_asked(const HttpRequest& request);

/// "ad…": enough to know one's own, and too little to use.
std::string masked(std::string_view address);

}  // namespace tocsin::api

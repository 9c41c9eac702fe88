// Amazon SNS with a key of our own, for the tests of what it sends.
#pragma once

#include <map>
#include <string>

namespace tocsin::testing {

class SnsSender {
 public:
  SnsSender();
  ~SnsSender();
  SnsSender(const SnsSender&) = delete;
  SnsSender& operator=(const SnsSender&) = delete;

  const std::string& certificate() const { return certificate_; }
  /// The message with its signature, as JSON; `version` "1" or "2".
  std::string message(std::map<std::string, std::string> fields, const std::string& version) const;

 private:
  struct Key;
  Key* key_;
  std::string certificate_;
};

}  // namespace tocsin::testing

// The listening socket and what accept() brings: descriptors, addresses and how many of each
// address are busy.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

#include "router/core/result.hpp"

namespace tocsin::front_door {

/// Closes it when it goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor();
  int get() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }

 private:
  int value_ = -1;
};

struct Listening {
  Descriptor descriptor;
  std::uint16_t port = 0;
};

/// Binds and listens. Port 0 is a free one. A port somebody listens on is an error, also when that
/// is another tocsin.
Result<Listening> open_listener(const std::string& host, std::uint16_t port);

struct Accepted {
  Descriptor descriptor;
  std::string address;        // "192.0.2.1", "2001:db8::1"
  std::string neighbourhood;  // the address, or of IPv6 the /64 that one customer has
  bool loopback = false;
};

enum class AcceptOutcome { accepted, nobody, no_descriptors };
AcceptOutcome accept_one(int listener, Accepted& accepted);

/// Lets this process have as many descriptors as the system allows it.
void raise_descriptor_limit();

/// How many of each neighbourhood are in the middle of a request.
class AddressCounts {
 public:
  /// False: there are `most` already, and nothing was counted.
  bool enter(const std::string& neighbourhood, std::size_t most);
  void leave(const std::string& neighbourhood);

 private:
  std::unordered_map<std::string, std::size_t> counts_;
};

}  // namespace tocsin::front_door

// One channel of the catalogue, as it is, before a provider that fails; and the world in which its
// page is somebody's first contact.
//
// Ada's first contact is the channel: its request goes over a real socket, in a lane of its own.
// Her second contact works and would come four minutes later; a minute after that the next step
// pages bob. All of it is on the world's clock, on which an attempt that uses up its budget takes
// kAttemptBudget, whatever the test waits for it, and any other no time at all.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "router/api/api.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/connectors/channel_stand.hpp"
#include "tests/troubles/provider.hpp"

namespace tocsin::troubles {

/// How a provider fails. The name is the row of connectors/README.md.
struct Trouble {
  enum class Where { answers, full_queue, expired_tls, unknown_name };
  std::string_view name;
  Where where = Where::answers;
  testing::Reply reply = {};
  bool until_the_deadline = false;  // only the end of the budget ends an attempt
  bool succeeds = false;            // the reply's body is what its provider says when all is well
};

/// All twelve.
const std::vector<Trouble>& all_troubles();
const Trouble& trouble_of(std::string_view name);

/// Ada's second contact by its own time, and the step after it.
inline constexpr Duration kSecondContact = std::chrono::minutes(4);
inline constexpr Duration kNextStep = std::chrono::minutes(5);

/// What a provider says that has had too much.
inline constexpr std::chrono::seconds kRetryAfter{50};

class Stage {
 public:
  /// An alert that pages ada has come, and her first contact was tried. `before_answer` is called
  /// while the provider has the request of the first attempt and has not answered it.
  Stage(const connectors::ChannelSpec& spec, const Trouble& trouble,
        std::function<void(Stage&)> before_answer = {});
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// One attempt of the channel, as it ended.
  struct Try {
    MessageId id;
    Duration began{};  // on the world's clock, since it began
    Attempt said;
    std::chrono::steady_clock::duration took{};  // of the real clock
  };

  /// The provider is well again, and tocsin leads there.
  void heal();
  /// As somebody does who has the message in hand, or as its provider does: posts what such a
  /// message leads to. The HTTP status; 0: no answer.
  int press_link();
  /// A report of delivery, or of its failure.
  int report(bool delivered);
  bool has_link() const { return !link("/p/").empty(); }
  bool takes_reports() const { return !link("/r/").empty(); }

  /// When somebody was first paged there, on the world's clock, since the beginning.
  std::optional<Duration> paged_at(const std::string& who) const;
  Duration since_the_beginning() const { return world.clock.now().elapsed - began_; }
  /// How many entries of the incident's timeline have this text.
  std::size_t told(const std::string& text) const;
  engine::MessageState first_page() const;

  tests::World world;
  std::vector<Try> tries;

 private:
  std::optional<Attempt> hand_over(const std::string& who, const connectors::Notification& page);
  void lead_to(const std::string& base);
  std::string base_of(Trouble::Where where);
  /// The link of the last message that begins with this path: the path behind that.
  std::string link(const std::string& begin) const;
  testing::SentMessage last_request() const;
  int post(const std::string& pattern, const std::string& match, const std::string& form);

  const connectors::ChannelSpec& spec_;
  const Trouble trouble_;
  testing::Receiver receiver_;
  std::optional<FullQueue> queue_;
  std::optional<TlsProvider> tls_;
  delivery::LaneRunner lanes_;
  std::shared_ptr<connectors::Channel> channel_;
  std::unique_ptr<api::Api> api_;
  std::map<std::string, Duration> paged_;
  Duration began_{};
  bool healed_ = false;
  std::function<void(Stage&)> before_answer_;
};

/// Every channel of the catalogue that speaks HTTP.
std::vector<const connectors::ChannelSpec*> http_channels();

}  // namespace tocsin::troubles

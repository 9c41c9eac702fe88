// `log`: the page as a calm block of text on the terminal that tocsin runs in; for a first look,
// and beside other channels.
//
// There is no provider: what was printed is accepted. Text of alerts is hostile: no control
// character of it reaches the terminal.
#include <algorithm>

#include "connectors/channel.hpp"
#include "connectors/channels/page_text.hpp"

namespace tocsin::connectors {
namespace {

class Log final : public Channel {
 public:
  explicit Log(std::function<bool(const std::string&)> print) : print_(std::move(print)) {}

  Attempt deliver(const Notification& notification, Duration) override {
    if (!print_(channels::page_text(notification)))
      return Attempt::retry_later("the terminal or file behind standard output takes nothing");
    return Attempt::accepted("printed");
  }

 private:
  std::function<bool(const std::string&)> print_;
};

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps& deps) {
  if (!deps.print)
    return invalid("channel " + values.name +
                   ": there is no terminal to print on; use another type");
  return std::unique_ptr<Channel>(std::make_unique<Log>(deps.print));
}

}  // namespace

extern const ChannelSpec log_channel;
const ChannelSpec log_channel = {
    .name = "log",
    .summary = "the terminal that tocsin runs in",
    .fields = {},
    .example = "  - name: terminal\n    type: log\n",
    .needs_address = false,
    .make = make,
};

}  // namespace tocsin::connectors

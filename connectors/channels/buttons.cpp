#include "connectors/channels/buttons.hpp"

namespace tocsin::connectors::channels {

std::string_view label_of(Wish wish) {
  switch (wish) {
    case Wish::acknowledge:
      return "Acknowledge";
    case Wish::resolve:
      return "Resolve";
    case Wish::escalate:
      return "Escalate";
    case Wish::snooze:
      return "Snooze 1h";
    case Wish::nothing:
    case Wish::unclear:
      break;
  }
  return {};
}

const std::vector<Wish>& all_buttons() {
  static const std::vector<Wish> all{Wish::acknowledge, Wish::resolve, Wish::escalate,
                                     Wish::snooze};
  return all;
}

bool has_buttons(const Notification& n) {
  return n.kind == MessageKind::page && !n.press.empty() && n.press.size() <= kMostPressBytes;
}

bool is_for_one(Ended::How how) {
  return how == Ended::How::stranger || how == Ended::How::unclear || how == Ended::How::again;
}

}  // namespace tocsin::connectors::channels

// What the metrics say of rotas: whether somebody can be reached, and when nobody will be. Kept for
// a while, as looking ahead costs much more than looking.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "router/api/contacts.hpp"
#include "router/api/oncall_view.hpp"
#include "router/core/time.hpp"

namespace tocsin::api {

struct RotaGauge {
  std::string rota;
  bool gap = false;     // nobody with a contact that works is on call
  bool closed = false;  // and the rota leaves this time to others
  /// Until the next gap that its hours do not explain; nothing: none is near, or it was not looked
  /// for yet.
  std::optional<Duration> next_gap;
};

class GapGauges {
 public:
  struct Asked {
    OnCallView view;
    ContactBook book;
  };
  /// Of every rota. Any thread; what was asked a moment ago is answered from memory, and `ask` is
  /// not called then.
  std::vector<RotaGauge> read(WallTime now, const std::function<Asked()>& ask);

 private:
  struct Ahead {
    WallTime looked{};
    std::optional<WallTime> gap;
  };
  void look_ahead(const OnCallView& view, WallTime now);

  std::mutex mutex_;
  std::optional<WallTime> read_at_;
  std::vector<RotaGauge> last_;
  std::shared_ptr<const engine::Configuration> by_;
  oncall::Overrides overrides_;
  std::map<std::string, Ahead> ahead_;
};

/// What was read is good for so long.
inline constexpr Duration kGaugesKept = std::chrono::seconds(10);
inline constexpr Duration kGapsLookedFor = std::chrono::hours(24 * 14);
/// And where a gap is, for so long, unless rotas change.
inline constexpr Duration kAheadKept = std::chrono::hours(1);
/// So many rotas are looked ahead for at one time: a scrape must not take seconds.
inline constexpr std::size_t kMostLookedAhead = 500;

}  // namespace tocsin::api

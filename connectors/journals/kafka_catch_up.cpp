#include "connectors/journals/kafka_catch_up.hpp"

#include <algorithm>

namespace tocsin::journal {
namespace {

constexpr Duration kSlice = std::chrono::milliseconds(50);

using What = KafkaConsumer::Event::What;

}  // namespace

KafkaCatchUp::KafkaCatchUp(const KafkaOptions& options, KafkaHealth& health)
    : options_(options), health_(health) {}

Result<std::vector<KafkaCatchUp::Found>> KafkaCatchUp::read(const std::vector<Want>& wants,
                                                            std::size_t most, Duration most_wait) {
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] const Unit aimed, aim(wants));
  std::vector<Found> found;
  std::string why = "nothing came from Kafka within " + format_duration(most_wait);
  // No clock here: the slices are counted, and one that ends early costs a whole one.
  for (auto slices = std::max<Duration::rep>(1, most_wait / kSlice);
       slices > 0 && found.size() < most && !at_.empty();) {
    auto event = consumer_->next(found.empty() ? kSlice : Duration::zero());
    if (!event && !found.empty()) break;
    if (!event || event->what == What::failing) {
      if (event) why = event->why;
      --slices;
      continue;
    }
    const auto want = std::find_if(wants.begin(), wants.end(), [&](const Want& each) {
      return each.partition == event->partition;
    });
    if (event->what == What::lost) {
      consumer_->stop(want->partition);
      at_.erase(want->partition);
      return not_found("offset " + std::to_string(want->from) + " is not in " + event->why +
                       "; open the journal anew and fold from its beginning");
    }
    const bool is_message = event->what == What::message;
    found.push_back({want->partition, is_message, {event->offset, std::move(event->bytes)}});
    advance(*want, is_message ? event->offset + 1 : event->offset);
  }
  if (found.empty()) return unavailable(why);
  return found;
}

// Goes on where it can, begins anew where it must, and stops what nobody wants in this call.
Status KafkaCatchUp::aim(const std::vector<Want>& wants) {
  if (!consumer_) {
    TOCSIN_TRY(
        consumer_,
        KafkaConsumer::make(KafkaClient::Kind::reader, options_,
                            {[this](const std::string& line) { health_.log(line); }, {}, {}, {}}));
  }
  for (auto at = at_.begin(); at != at_.end();) {
    const bool wanted = std::any_of(wants.begin(), wants.end(),
                                    [&](const Want& want) { return want.partition == at->first; });
    if (!wanted) consumer_->stop(at->first);
    at = wanted ? std::next(at) : at_.erase(at);
  }
  for (const Want& want : wants) {
    const auto at = at_.find(want.partition);
    if (at != at_.end() && at->second == want.from) continue;
    TOCSIN_TRY([[maybe_unused]] const Unit started, consumer_->start(want.partition, want.from));
    at_[want.partition] = want.from;
  }
  return ok();
}

void KafkaCatchUp::advance(const Want& want, Offset next) {
  at_[want.partition] = next;
  if (next < want.until) return;
  consumer_->stop(want.partition);
  at_.erase(want.partition);
}

}  // namespace tocsin::journal

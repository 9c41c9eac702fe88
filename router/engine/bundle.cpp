#include "router/engine/bundle.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "router/core/digest.hpp"
#include "router/engine/changes.hpp"
#include "router/engine/due.hpp"
#include "router/engine/reach.hpp"
#include "router/engine/retry.hpp"

namespace tocsin::engine {
namespace {

/// Where the host of a bundle comes from: no integration has such a name.
constexpr std::string_view kHostIntegration = "tocsin bundle";

MessageKind counted_kind(MessageKind kind) {
  return kind == MessageKind::resolved || kind == MessageKind::resolved_bundle
             ? MessageKind::resolved
             : MessageKind::page;
}

bool is_counted(const MessageState& message) {
  return !message.contact.person.empty() &&
         (message.kind == MessageKind::page || message.kind == MessageKind::resolved ||
          is_bundle(message.kind));
}

PagedKey key_of(const Realm& realm, const MessageState& message) {
  return {realm, counted_kind(message.kind), message.contact};
}

// What is critical pages at once, until a page of it has got to this contact.
bool is_exempt(const Incident& incident, const MessageState& message) {
  if (message.kind != MessageKind::page || incident.decision->severity != Severity::critical)
    return false;
  return std::none_of(
      incident.messages.begin(), incident.messages.end(), [&](const MessageState& other) {
        return other.kind == MessageKind::page && other.contact == message.contact &&
               other.occurrence == message.occurrence && other.status == MessageStatus::accepted;
      });
}

// Until one more may go there.
Duration wait_of(const Paged& paged, const oncall::PageLimit& limit, const Instant& now) {
  if (paged.recent.size() < limit.pages) return {};
  return Wait{paged.recent[paged.recent.size() - limit.pages], limit.per}.left(now);
}

std::string why_bundled(const MessageState& message, const oncall::PageLimit& limit) {
  const std::string many = std::to_string(limit.pages), per = format_duration(limit.per);
  return message.kind == MessageKind::page
             ? message.contact.person + " had " + many + " pages in " + per
             : message.contact.person + " heard of " + many + " ends in " + per;
}

IncidentId bundle_id(const MessageId& first, std::uint32_t occurrence) {
  constexpr std::size_t kBytes = 10;  // 16 characters, as an incident's
  return {
      base32(sha256("bundle\n" + first.text + "\n" + std::to_string(occurrence)).data(), kBytes)};
}

// Its message is planned: due when the first of its members is to be told at the latest.
Incident make_host(const IncidentId& id, const Realm& realm, Partition partition,
                   const MessageState& first, const std::string& why, std::uint32_t occurrence) {
  Incident host;
  host.id = id;
  host.partition = partition;
  host.realm = realm;
  host.integration = kHostIntegration;
  host.begins = why;
  host.received = first.due.since;
  host.opened_at = first.due.since.wall;
  host.occurrence = occurrence;
  MessageState message;
  message.kind =
      first.kind == MessageKind::page ? MessageKind::bundle : MessageKind::resolved_bundle;
  message.contact = first.contact;
  message.id = make_message_id(id, occurrence, message.kind, false, 0, 0, message.contact);
  message.due = first.due;
  message.occurrence = occurrence;
  host.messages.push_back(std::move(message));
  return host;
}

const MessageState* find_message(const Incident& incident, const MessageId& id) {
  const auto found = std::find_if(incident.messages.begin(), incident.messages.end(),
                                  [&](const MessageState& m) { return m.id == id; });
  return found == incident.messages.end() ? nullptr : &*found;
}
MessageState* find_message(Incident& incident, const MessageId& id) {
  return const_cast<MessageState*>(find_message(std::as_const(incident), id));
}

// It is still to be told, and may be.
bool is_wanted(const Incident* incident, const MessageId& id) {
  const MessageState* const message = incident ? find_message(*incident, id) : nullptr;
  return message && message->status == MessageStatus::bundled &&
         why_not_send(*incident, *message).empty();
}

std::string at_the_latest(WallTime time) {
  constexpr std::size_t kTimeOfDay = 11, kSeconds = 8;
  const auto whole = std::chrono::ceil<std::chrono::seconds>(time);
  return format_rfc3339(whole).substr(kTimeOfDay, kSeconds) + " UTC";
}

// Earlier ones of the incident to the same contact that are not told yet: this one is enough.
void replace_earlier(Incident& incident, const MessageState& bundled) {
  for (MessageState& earlier : incident.messages) {
    if (&earlier == &bundled) return;
    if (earlier.kind == bundled.kind && earlier.contact == bundled.contact && is_idle(earlier))
      earlier.status = MessageStatus::withdrawn;
  }
}

// The members of a bundle, by the fold.
class Members {
 public:
  Members(PartitionState& state, Bundle& bundle, std::vector<IncidentId>& touched)
      : state_(state), bundle_(bundle), touched_(touched) {}

  template <class Change>
  void each(std::size_t first, std::size_t end, Change change) {
    for (std::size_t i = first; i < end; ++i) {
      const BundledPage& page = bundle_.pages[i];
      Incident* const incident = state_.incidents.edit(page.incident);
      MessageState* const message = incident ? find_message(*incident, page.message) : nullptr;
      if (!message || !change(*incident, *message)) continue;
      touched_.push_back(page.incident);
    }
  }

  // It did not get through for now: the next contact of each is due at once.
  void fail(const MessageState& told) {
    each(0, bundle_.pages.size(), [&](Incident&, MessageState& message) {
      if (message.status != MessageStatus::bundled || message.failures > 0) return false;
      message.failures = told.failures;
      message.detail = told.detail;
      return true;
    });
  }

  // Those that were withdrawn while it was under way were told as well.
  void accept(const MessageState& told, WallTime at) {
    const std::string many = std::to_string(bundle_.under_way);
    each(0, bundle_.under_way, [&](Incident& incident, MessageState& message) {
      if (message.status != MessageStatus::bundled && message.status != MessageStatus::withdrawn)
        return false;
      message.status = MessageStatus::accepted;
      message.failures = 0;
      message.held.clear();
      message.detail = told.detail;
      message.provider_id = told.provider_id;
      reached(incident, message);
      note_result(incident, message, Attempt::accepted("in a bundle of " + many), at);
      return true;
    });
  }

  void reject(const MessageState& told, WallTime at) {
    each(0, bundle_.pages.size(), [&](Incident& incident, MessageState& message) {
      if (message.status != MessageStatus::bundled) return false;
      message.status = MessageStatus::rejected;
      message.detail = told.detail;
      note_result(incident, message, Attempt::rejected("in a bundle: " + told.detail), at);
      return true;
    });
  }

  void withdraw() {
    each(0, bundle_.pages.size(), [](Incident&, MessageState& message) {
      if (message.status != MessageStatus::bundled) return false;
      message.status = MessageStatus::withdrawn;
      return true;
    });
  }

 private:
  PartitionState& state_;
  Bundle& bundle_;
  std::vector<IncidentId>& touched_;
};

// Whatever of an ended bundle is still to be told goes on in another, by the time of its first.
void go_on(PartitionState& state, Bundle ended, std::vector<IncidentId>& touched) {
  const MessageState told = ended.host.messages.back();
  Paged& paged = state.paged[key_of(ended.host.realm, told)];
  paged.bundle = {};
  std::erase_if(ended.pages, [&](const BundledPage& page) {
    const auto incident = state.incidents.find(page.incident);
    return incident == state.incidents.end() || !is_wanted(&incident->second, page.message);
  });
  if (ended.pages.empty()) return;
  const BundledPage& first = ended.pages.front();
  const MessageState message = *find_message(state.incidents.at(first.incident), first.message);
  const std::uint32_t occurrence = ended.host.occurrence + 1;
  Incident host = make_host(bundle_id(message.id, occurrence), ended.host.realm,
                            ended.host.partition, message, ended.host.begins, occurrence);
  const IncidentId id = host.id;
  paged.bundle = id;
  touched.push_back(id);
  state.bundles.insert_or_assign(id, Bundle{std::move(host), std::move(ended.pages), 0});
}

}  // namespace

oncall::PageLimit limit_of(const std::string& person, const oncall::Directory& directory) {
  const auto known = directory.people.find(person);
  if (known == directory.people.end()) return oncall::kBuiltInLimit;
  oncall::PageLimit limit = known->second.limit;
  if (limit.pages == 0 || limit.per <= Duration::zero()) return oncall::kBuiltInLimit;
  if (limit == oncall::kNoLimit) return limit;
  limit.pages = std::min<std::uint32_t>(limit.pages, kMostPagesCounted);
  limit.per = std::min(limit.per, kMostPagesPer);
  return limit;
}

std::optional<effect::Bundled> bundled_instead(const Incident& incident,
                                               const MessageState& message, const Workspace& state,
                                               const Configuration& configuration,
                                               const Moment& moment) {
  if (message.attempt > 0 || message.alone || message.assigned || !is_counted(message) ||
      is_bundle(message.kind) || is_exempt(incident, message))
    return std::nullopt;
  const Paged* const paged = state.find_paged(key_of(incident.realm, message));
  if (!paged) return std::nullopt;
  const oncall::PageLimit limit = limit_of(message.contact.person, configuration.directory);
  Duration wait = std::min(wait_of(*paged, limit, moment.now), kLongestBundled);
  if (wait == Duration::zero()) return std::nullopt;
  IncidentId bundle = paged->bundle;
  const Incident* const host = bundle.empty() ? nullptr : state.find_incident(bundle);
  if (!host)
    bundle = bundle_id(message.id, 0);
  else if (host->messages.back().status == MessageStatus::waiting)
    wait = std::min(wait, host->messages.back().due.left(moment.now));
  return effect::Bundled{incident.id, message.id, bundle, wait, why_bundled(message, limit)};
}

bool is_host(const Incident& incident) {
  return !incident.messages.empty() && is_bundle(incident.messages.front().kind);
}

std::optional<Effect> bundle_due(const Incident& host, const Workspace& state, const View& view,
                                 const Moment& moment) {
  const MessageState& message = host.messages.back();
  if (attempt_in(host, message, moment) != Duration::zero()) return std::nullopt;
  std::size_t wanted = 0;
  BundledPage last;
  state.look_at_bundle(host.id, [&](const BundledPage& page) {
    const bool elsewhere = view.island && view.island->elsewhere.contains(page.incident);
    if (!elsewhere && is_wanted(state.find_incident(page.incident), page.message)) {
      ++wanted;
      last = page;
    }
    return wanted < 2;
  });
  if (wanted == 0) return effect::Unbundled{host.id, {}, {}};
  if (wanted == 1 && message.attempt == 0)
    return effect::Unbundled{host.id, last.incident, last.message};
  return effect::Attempted{host.id, message.id, message.attempt + 1};
}

void join_bundle(const effect::Bundled& bundled, const Instant& at, Workspace& state) {
  Incident* const incident = state.incident(bundled.incident);
  MessageState* const message = incident ? find_message(*incident, bundled.message) : nullptr;
  if (!message || !is_idle(*message)) return;
  message->status = MessageStatus::bundled;
  message->due = {at, bundled.wait};
  message->held = bundled.why;
  replace_earlier(*incident, *message);
  note(*incident,
       {at.wall, "held", "",
        "held: " + bundled.why + "; " + name_of(message->contact) + " is told in a bundle at " +
            at_the_latest(at.wall + bundled.wait) + " at the latest"});
  if (const Incident* const host = state.find_incident(bundled.bundle)) {
    const MessageState& all = host->messages.back();
    // What its provider does not take keeps nobody waiting who joins.
    message->failures = all.failures;
    message->detail = all.detail;
    // The limit may be another than when the bundle began: what was told above holds.
    if (all.status == MessageStatus::waiting && all.attempt == 0 && bundled.wait < all.due.left(at))
      state.incident(bundled.bundle)->messages.back().due = message->due;
  } else {
    state.open_bundle(
        make_host(bundled.bundle, incident->realm, incident->partition, *message, bundled.why, 0));
  }
  state.paged(key_of(incident->realm, *message)).bundle = bundled.bundle;
  state.join_bundle(bundled.bundle, {incident->id, message->id});
}

void leave_bundle(const effect::Unbundled& unbundled, const Instant& at, Workspace& state) {
  const Incident* const host = state.find_incident(unbundled.bundle);
  if (!host) return;
  state.paged(key_of(host->realm, host->messages.back())).bundle = {};
  state.end_bundle(unbundled.bundle);
  Incident* const incident =
      unbundled.incident.empty() ? nullptr : state.incident(unbundled.incident);
  MessageState* const message = incident ? find_message(*incident, unbundled.message) : nullptr;
  if (!message || message->status != MessageStatus::bundled) return;
  message->status = MessageStatus::waiting;
  message->due = {at, {}};
  message->alone = true;
}

void count_attempt(const Incident& incident, const MessageState& message, const Instant& at,
                   Workspace& state) {
  if (message.attempt != 1 || !is_counted(message)) return;
  std::deque<Instant>& recent = state.paged(key_of(incident.realm, message)).recent;
  recent.push_back(at);
  while (recent.size() > kMostPagesCounted ||
         elapsed_between(recent.front(), at, kMostPagesPer) >= kMostPagesPer)
    recent.pop_front();
}

void begin_bundle(PartitionState& state, const IncidentId& id, std::vector<IncidentId>& touched) {
  const auto found = state.bundles.find(id);
  if (found == state.bundles.end()) return;
  Bundle& bundle = found->second;
  std::erase_if(bundle.pages, [&](const BundledPage& page) {
    const auto incident = state.incidents.find(page.incident);
    return incident == state.incidents.end() || !is_wanted(&incident->second, page.message);
  });
  bundle.under_way = bundle.pages.size();
  const MessageState& message = bundle.host.messages.back();
  if (message.failures > 0) Members(state, bundle, touched).fail(message);
}

void conclude_bundle(PartitionState& state, const IncidentId& id, WallTime recorded_at,
                     std::vector<IncidentId>& touched) {
  const auto found = state.bundles.find(id);
  if (found == state.bundles.end()) return;
  Bundle& bundle = found->second;
  const MessageState& message = bundle.host.messages.back();
  Members members(state, bundle, touched);
  const bool given_up =
      !bundle.host.realm.is_production() || message.kind == MessageKind::resolved_bundle;
  if (message.status == MessageStatus::retrying && message.failures > 0) members.fail(message);
  if (message.status == MessageStatus::accepted) members.accept(message, recorded_at);
  if (message.status == MessageStatus::rejected) members.reject(message, recorded_at);
  if (message.status == MessageStatus::withdrawn && given_up) members.withdraw();
  if (!message.is_final()) return;
  Bundle ended = std::move(bundle);
  state.bundles.erase(found);
  go_on(state, std::move(ended), touched);
}

BundleWords words_of(const PartitionState& state, const Bundle& bundle,
                     const std::vector<IncidentId>& hushed) {
  BundleWords words;
  const std::unordered_set<IncidentId> stopped(hushed.begin(), hushed.end());
  const auto graver = [](const BundledIncident& a, const BundledIncident& b) {
    return std::tuple(b.severity, a.opened_at, a.incident) <
           std::tuple(a.severity, b.opened_at, b.incident);
  };
  for (std::size_t i = 0; i < bundle.under_way; ++i) {
    const BundledPage& page = bundle.pages[i];
    const auto found = state.incidents.find(page.incident);
    if (found == state.incidents.end() || !is_wanted(&found->second, page.message)) continue;
    if (stopped.contains(page.incident)) continue;
    ++words.count;
    const Incident& incident = found->second;
    BundledIncident named{page.incident, page.message, incident.title, incident.decision->severity,
                          incident.opened_at};
    const auto place = std::lower_bound(words.named.begin(), words.named.end(), named, graver);
    if (place == words.named.end() && words.named.size() == kMostNamedInBundle) continue;
    words.named.insert(place, std::move(named));
    if (words.named.size() > kMostNamedInBundle) words.named.pop_back();
  }
  return words;
}

}  // namespace tocsin::engine

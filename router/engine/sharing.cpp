#include "router/engine/sharing.hpp"

#include <algorithm>

namespace tocsin::engine {
namespace {

// The last one of its key; another that is equal becomes it.
template <class T, class Key>
void share_last(std::map<Key, Shared<T>>& known, Key key, Shared<T>& value) {
  if (value.is_nothing()) return;
  if (known.size() >= kMostShared) known.clear();
  Shared<T>& last = known[std::move(key)];
  if (last.is_same_as(value)) return;
  if (last == value)
    value = last;
  else
    last = value;
}

template <class List, class Share>
void share_latest(List& list, Share share) {
  for (std::size_t i = list.size() - std::min(list.size(), kLatestShared); i < list.size(); ++i)
    share(list[i]);
}

}  // namespace

// One that has another holder is that of the set already, or of a copy that is soon gone.
void Sharing::share(SharedText& text) {
  if (!text.is_alone() || text.size() > kLongestShared) return;
  if (texts_.size() >= kMostShared) texts_.clear();
  text = *texts_.insert(text).first;
}

void Sharing::share(Shared<Decision>& decision) {
  share_last(decisions_, {decision->rule, decision->severity}, decision);
}

void Sharing::share(Shared<Policy>& policy) {
  share_last(policies_, {policy->team, policy->name}, policy);
}

void Sharing::share(Incident& incident) {
  for (SharedText* const text :
       {&incident.integration, &incident.service, &incident.acknowledged_by, &incident.resolved_by,
        &incident.assigned_to, &incident.begins, &incident.escalation.nobody})
    share(*text);
  share(incident.decision);
  share(incident.policy);
  share(incident.fallback);
  share_latest(incident.messages, [&](MessageState& message) {
    for (SharedText* const text :
         {&message.contact.person, &message.contact.channel, &message.contact.address})
      share(*text);
    share(message.detail);
    share(message.rota);
    share(message.held);
  });
  share_latest(incident.timeline, [&](TimelineEntry& entry) {
    share(entry.kind);
    share(entry.by);
    share(entry.text);
  });
}

void Sharing::share(AlertState& alert) { share(alert.integration); }

}  // namespace tocsin::engine

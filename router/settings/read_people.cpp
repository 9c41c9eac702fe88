// channels and people: by which ways messages go, and to whom.
#include <algorithm>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

constexpr Duration kMostNotifyAfter = std::chrono::hours(24);

const ConnectorWords kChannelWords{Noun::channel,
                                   "channels",
                                   "channel type",
                                   "people and policies refer to it",
                                   "say what kind of channel it is",
                                   kChannel,
                                   kLaterChannelTypes};

void read_channel(const Value& value, Draft& draft) {
  ConnectorTypes types;
  for (const auto& [name, type] : draft.vocabulary.channels) types.emplace(name, &type.fields);
  auto channel = read_connector(value, kChannelWords, types, draft);
  if (!channel) return;
  draft.settings.channel_types.emplace(channel->values.name, channel->type);
  draft.settings.channels.emplace(channel->values.name, std::move(channel->values));
}

using Contacts = std::vector<oncall::Way>;

std::optional<Contacts> read_contacts(const Section& person, Draft& draft) {
  const auto value = person.require(
      "contacts", "nobody could reach them: write e.g. contacts: {mail: ada@example.com}");
  if (!value) return std::nullopt;
  const auto entries = value->map();
  if (entries.empty() && value->node().kind == Node::Kind::map)
    value->fault("empty; nobody could reach them: write e.g. {mail: ada@example.com}");
  if (entries.size() > kMostContacts) {
    value->fault("more than " + std::to_string(kMostContacts) + " contacts; keep fewer");
    return std::nullopt;
  }
  Contacts contacts;
  for (const auto& [channel, address] : entries) {
    draft.names.refer(Noun::channel, channel, address.place());
    const auto text = address.some_text();
    contacts.push_back({channel, text ? text->value : "", {}});
  }
  return contacts;
}

/// What two entries for the same channel would both be for; nothing if they share no severity.
std::optional<std::string> shared_severity(const oncall::Way& one, const oncall::Way& other) {
  if (one.severities.empty() || other.severities.empty()) return "";
  for (const Severity severity : one.severities)
    if (std::find(other.severities.begin(), other.severities.end(), severity) !=
        other.severities.end())
      return " for " + std::string(to_string(severity));
  return std::nullopt;
}

/// Of one entry; nothing if it is wrong, which is told.
std::optional<oncall::Way> read_way(const Value& entry, const Contacts& contacts,
                                    const Contacts& before) {
  const auto section = Section::open(entry, kNotify);
  if (!section) return std::nullopt;
  oncall::Way read;
  if (const auto delay = section->find("after"))
    read.after = delay->duration(Duration::zero(), kMostNotifyAfter).value_or(Duration::zero());
  const auto severity = section->find("severity");
  const auto severities = severity ? read_severities(*severity) : std::vector<Severity>();
  if (!severities) return std::nullopt;
  read.severities = *severities;
  const auto channel = section->require("channel", "name one of the person's contacts");
  const auto word = channel ? channel->word() : std::nullopt;
  if (!word) return std::nullopt;
  const auto same = [&](const oncall::Way& way) { return way.channel == *word; };
  const auto contact = std::find_if(contacts.begin(), contacts.end(), same);
  if (contact == contacts.end()) {
    std::vector<std::string> known;
    for (const oncall::Way& way : contacts) known.push_back(way.channel);
    channel->fault("the person has no contact for " + shown(*word) +
                   did_you_mean(*word, known, "add it to contacts"));
    return std::nullopt;
  }
  read.channel = *word;
  read.address = contact->address;
  for (const oncall::Way& way : before) {
    const auto shared = same(way) ? shared_severity(way, read) : std::nullopt;
    if (!shared) continue;
    channel->fault(shown(*word) + " stands here twice" + *shared +
                   "; each contact is tried once, keep the first");
    return std::nullopt;
  }
  return read;
}

/// Severities of which no entry speaks.
std::string not_spoken_of(const Contacts& order) {
  std::string none;
  for (const Severity severity :
       {Severity::critical, Severity::error, Severity::warning, Severity::info}) {
    const bool spoken = std::any_of(order.begin(), order.end(), [&](const oncall::Way& way) {
      return way.severities.empty() || std::find(way.severities.begin(), way.severities.end(),
                                                 severity) != way.severities.end();
    });
    if (!spoken) none += (none.empty() ? "" : ", ") + std::string(to_string(severity));
  }
  return none;
}

/// A person's own order: each contact at most once for a severity, with the addresses of
/// `contacts`.
Contacts read_notify(const Value& value, const Contacts& contacts) {
  Contacts order;
  const auto entries = value.list();
  if (entries.empty() && value.node().kind == Node::Kind::sequence)
    value.fault("empty; leave it out to be told by every contact at once");
  if (entries.size() > kMostContacts) {
    value.fault("more than " + std::to_string(kMostContacts) + " entries; keep fewer");
    return order;
  }
  for (const Value& entry : entries)
    if (auto way = read_way(entry, contacts, order)) order.push_back(std::move(*way));
  // With an entry missing for a fault, this would be a second one for the same mistake.
  const std::string none = order.size() == entries.size() ? not_spoken_of(order) : "";
  if (!none.empty() && !order.empty())
    value.note("says nothing of " + none +
               ", which is told by every contact at once; add an entry for it if that is not "
               "meant");
  return order;
}

void read_person(const Value& value, Draft& draft) {
  const auto section = Section::open(value, kPerson);
  if (!section) return;
  oncall::Person person;
  if (const auto name = section->require("name", "policies refer to it")) {
    if (const auto word = name->name()) {
      person.name = *word;
      draft.names.define(Noun::person, *word, name->place(), draft.report);
    }
  }
  const auto contacts = read_contacts(*section, draft);
  if (contacts) person.contacts = person.notify = *contacts;
  // Without contacts every entry of notify would be a second fault for the same mistake.
  if (const auto notify = section->find("notify"); notify && contacts)
    person.notify = read_notify(*notify, *contacts);
  read_availability(*section, person, draft);
  draft.settings.directory.people.emplace(person.name, person);
}

}  // namespace

void read_channels(const Value& value, Draft& draft) {
  for (const Value& channel : value.list()) read_channel(channel, draft);
}

void read_people(const Value& value, Draft& draft) {
  for (const Value& person : value.list()) read_person(person, draft);
}

}  // namespace tocsin::settings

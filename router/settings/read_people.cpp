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

/// A person's own order: each contact at most once, with the addresses of `contacts`.
Contacts read_notify(const Value& value, const Contacts& contacts) {
  Contacts order;
  const auto entries = value.list();
  if (entries.empty() && value.node().kind == Node::Kind::sequence)
    value.fault("empty; leave it out to be told by every contact at once");
  if (entries.size() > kMostContacts) {
    value.fault("more than " + std::to_string(kMostContacts) + " entries; keep fewer");
    return order;
  }
  std::vector<std::string> known;
  for (const oncall::Way& way : contacts) known.push_back(way.channel);
  for (const Value& entry : entries) {
    const auto section = Section::open(entry, kNotify);
    if (!section) continue;
    Duration after{};
    if (const auto delay = section->find("after"))
      after = delay->duration(Duration::zero(), kMostNotifyAfter).value_or(Duration::zero());
    const auto channel = section->require("channel", "name one of the person's contacts");
    const auto word = channel ? channel->word() : std::nullopt;
    if (!word) continue;
    const auto same = [&](const oncall::Way& way) { return way.channel == *word; };
    const auto contact = std::find_if(contacts.begin(), contacts.end(), same);
    if (contact == contacts.end())
      channel->fault("the person has no contact for " + shown(*word) +
                     did_you_mean(*word, known, "add it to contacts"));
    else if (std::any_of(order.begin(), order.end(), same))
      channel->fault(shown(*word) +
                     " stands here twice; each contact is tried once, keep the first");
    else
      order.push_back({*word, contact->address, after});
  }
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
  if (contacts) person.notify = *contacts;
  // Without contacts every entry of notify would be a second fault for the same mistake.
  if (const auto notify = section->find("notify"); notify && contacts)
    person.notify = read_notify(*notify, *contacts);
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

// journal: where the truth is kept. The embedded one is a path; Kafka has an address, a shape that
// the topic keeps for good, and times after which a node goes on without it.
#include <algorithm>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

void read_brokers(const Section& section, KafkaSettings& kafka) {
  const auto brokers =
      section.require("brokers", "write e.g. brokers: [\"kafka-1.example.com:9092\"]");
  if (!brokers || brokers->node().kind != Node::Kind::sequence) {
    if (brokers) brokers->wrong_kind("a list");
    return;
  }
  const auto all = brokers->list();
  if (all.empty())
    brokers->fault("empty; name a broker or more, e.g. [\"kafka-1.example.com:9092\"]");
  if (all.size() > kMostBrokers)
    brokers->fault("more than " + std::to_string(kMostBrokers) +
                   "; a few are enough, as they know of the others");
  for (const Value& broker : all) {
    const auto text = broker.some_text();
    if (!text || text->placeholder) continue;
    const std::string& address = text->value;
    if (!is_host_and_port(address) || address.ends_with(":0"))
      broker.fault("not HOST:PORT; write e.g. \"kafka-1.example.com:9092\"");
    else if (std::find(kafka.brokers.begin(), kafka.brokers.end(), address) != kafka.brokers.end())
      broker.fault(shown(*text) + " is named already; name each once");
    else
      kafka.brokers.push_back(address);
  }
}

bool is_topic(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return text.size() <= kMostTopicBytes && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), fits);
}

void read_topic(const Section& section, KafkaSettings& kafka) {
  if (const auto topic = section.find("topic")) {
    const auto text = topic->some_text();
    if (text && !text->placeholder && !is_topic(text->value))
      topic->fault(shown(*text) + " is no topic's name; use 1 to " +
                   std::to_string(kMostTopicBytes) + " letters, digits and _ . -");
    else if (text && !text->placeholder)
      kafka.topic = text->value;
  }
  const auto read_number = [&](const char* key, std::uint32_t most, std::uint16_t& number) {
    const auto value = section.find(key);
    if (const auto read = value ? value->count(1, most) : std::nullopt)
      number = static_cast<std::uint16_t>(*read);
  };
  read_number("partitions", kMostPartitions, kafka.partitions);
  read_number("replication", kMostReplication, kafka.replication);
}

void read_times(const Section& section, KafkaSettings& kafka) {
  if (const auto patience = section.find("patience"))
    kafka.patience = patience->duration(kLeastPatience, kMostPatience).value_or(kafka.patience);
  const auto island = section.find("island_after");
  const auto after = island ? island->duration(kLeastIslandAfter, kMostIslandAfter) : std::nullopt;
  if (after && *after < kafka.patience)
    island->fault("shorter than patience, " + format_duration(kafka.patience) +
                  ", in which a slow Kafka is still waited for; write that or more");
  else if (after)
    kafka.island_after = *after;
}

// A value may be a password: it is in no fault, and one that is written in the file is a fault.
void read_property(const std::string& name, const Value& value, Draft& draft) {
  const auto text = value.some_text();
  if (!text) return;
  const auto judged = draft.vocabulary.kafka_property(
      name, text->placeholder ? std::nullopt : std::optional(text->value));
  if (!judged.wrong.empty())
    value.fault(judged.wrong);
  else if (judged.secret && !text->filled)
    value.fault(
        "a secret, written where everybody can read it; write \"${NAME}\" or "
        "\"${file:PATH}\", and change it if it was shared");
  else if (!text->placeholder)
    draft.settings.journal.kafka.properties[name] = text->value;
}

void read_kafka(const Section& section, Draft& draft) {
  KafkaSettings& kafka = draft.settings.journal.kafka;
  read_brokers(section, kafka);
  read_topic(section, kafka);
  read_times(section, kafka);
  const auto properties = section.find("properties");
  if (!properties) return;
  const auto all = properties->map();
  if (all.size() > kMostProperties)
    properties->fault("more than " + std::to_string(kMostProperties) +
                      "; write only those that differ from librdkafka's defaults");
  for (const auto& [name, value] : all) read_property(name, value, draft);
}

}  // namespace

void read_journal(const Value& value, Draft& draft) {
  // The type says which other keys there are.
  const auto section = Section::peek(value);
  if (!section) return;
  JournalSettings& journal = draft.settings.journal;
  if (const auto type = section->find("type")) {
    const auto word = read_choice(*type, "journal type", {"sqlite", "kafka"});
    if (!word) return;
    journal.type = *word;
    if (*word == "kafka") draft.kafka = type->place();
  }
  static_cast<void>(Section::open(value, draft.kafka ? kKafkaJournal : kSqliteJournal));
  if (draft.kafka) {
    read_kafka(*section, draft);
  } else if (const auto path = section->find("path")) {
    read_path_below_data(*path, "journal", journal.path);
  }
  if (const auto retention = section->find("retention"))
    journal.retention =
        retention->duration(kLeastRetention, kMostRetention).value_or(journal.retention);
}

void check_cluster(Draft& draft) {
  if (!draft.kafka) return;
  const auto at = [&](const char* key) {
    Place place = *draft.kafka;
    place.key = key;
    return place;
  };
  if (!draft.secret_seen)
    draft.report.fault(at("server.secret"),
                       "missing, and needed with this journal: every node must sign the links in "
                       "pages alike; write secret: \"${TOCSIN_SECRET}\", the same on all nodes");
  if (!draft.node_url_seen)
    draft.report.note(at("server.node_url"),
                      "missing, so the other nodes cannot say where this one is reached; write "
                      "e.g. node_url: \"${TOCSIN_NODE_URL}\"");
  if (draft.settings.store.type == "sqlite")
    draft.report.note(at("store.type"),
                      "sqlite, with a journal that several nodes share: each node has its own "
                      "history, and makes it anew when its directory is lost; fine for trying out");
}

}  // namespace tocsin::settings

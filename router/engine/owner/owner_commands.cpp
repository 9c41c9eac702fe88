// What people say: appended, and answered once it was decided.
#include "router/core/bodies.hpp"
#include "router/core/manual.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::engine {

void Owner::submit(const IncidentView& incident, const Command& command, Duration patience,
                   CommandReply reply) {
  const Partition partition = incident.incident.partition;
  if (extras_.island && extras_.island->elsewhere.contains(incident.incident.id))
    return reply({CommandAnswer::What::not_confirmed,
                  "the journal is away, and another node looks after this incident"});
  append_and_wait(mint_.record(partition, RecordKind::command, clock_.now().wall, encode(command)),
                  partition, patience, std::move(reply));
}

void Owner::submit(const IncidentView& incident, const AttemptResult& receipt, Duration patience,
                   CommandReply reply) {
  const Partition partition = incident.incident.partition;
  if (extras_.island && extras_.island->elsewhere.contains(incident.incident.id))
    return reply({CommandAnswer::What::not_confirmed,
                  "the journal is away, and another node looks after this incident"});
  append_and_wait(mint_.record(partition, RecordKind::result, clock_.now().wall, encode(receipt)),
                  partition, patience, std::move(reply), Until::stored);
}

void Owner::submit(const Control& fact, Duration patience, CommandReply reply) {
  if (extras_.island)
    return reply({CommandAnswer::What::not_confirmed,
                  "the journal is away, and the other nodes would not hear of it"});
  append_and_wait(mint_.record(0, RecordKind::control, clock_.now().wall, encode(fact)), 0,
                  patience, std::move(reply));
}

void Owner::report(const Alert& alert, Duration patience, CommandReply reply) {
  const Instant now = clock_.now();
  const std::string integration(kManualIntegration);
  const Partition partition = journal::partition_of(integration, journal_.partitions());
  Record record = mint_.record(partition, RecordKind::alerts, now.wall,
                               encode(AlertsBody{integration, now, {alert}}));
  const AlertId id = make_alert_id(record.id, 0);
  append_and_wait(std::move(record), partition, patience,
                  [this, id, reply = std::move(reply)](CommandAnswer said) {
                    if (said.what == CommandAnswer::What::done)
                      if (const auto found = state_.find_alert(id)) said.incident = found->incident;
                    reply(std::move(said));
                  });
}

void Owner::append_and_wait(Record record, Partition partition, Duration patience,
                            CommandReply reply, Until until) {
  const RecordId id = record.id;
  {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(to_string(id), Waiting{std::move(reply), clock_.now().elapsed + patience});
  }
  std::vector<Record> records;
  records.push_back(std::move(record));
  journal_.append(partition, std::move(records),
                  [this, id, until](const journal::Appended& appended) {
                    if (!appended.durable())
                      answer(id, {CommandAnswer::What::not_confirmed, appended.why});
                    else if (until == Until::stored)
                      answer(id, {CommandAnswer::What::done, ""});
                  });
}

void Owner::answer(const RecordId& command, CommandAnswer answer) {
  CommandReply reply;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(to_string(command));
    if (found == waiting_.end()) return;
    reply = std::move(found->second.reply);
    waiting_.erase(found);
  }
  reply(std::move(answer));
}

void Owner::expire_commands(Duration now) {
  std::vector<CommandReply> late;
  {
    const std::lock_guard lock(mutex_);
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      if (it->second.until > now) {
        ++it;
        continue;
      }
      late.push_back(std::move(it->second.reply));
      it = waiting_.erase(it);
    }
  }
  for (CommandReply& reply : late)
    reply({CommandAnswer::What::not_confirmed, "the journal has not confirmed it in time"});
}

}  // namespace tocsin::engine

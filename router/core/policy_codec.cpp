// How a policy, which an incident carries by value, and what its steps page are written in a
// record.
#include "router/core/codec.hpp"

namespace tocsin::codec {
namespace {

void write_time(Writer& out, const std::optional<WallTime>& time) {
  if (time)
    write(out, *time);
  else
    out.null();
}
std::optional<WallTime> read_time(Reader& in) {
  return in.null_next() ? std::nullopt : std::optional(read_wall(in));
}

bool is_plain(const Step& step) {
  return step.only.always() && !step.round_robin && !step.everyone;
}

// What a step had at first, and what has come to it since, where it says any of that.
void write_step(Writer& out, const Step& step) {
  out.array(is_plain(step) ? 2 : 6);
  write(out, step.wait);
  write_list(out, step.page, [&](const Target& target) {
    out.array(2);
    write_enum(out, target.kind);
    out.text(target.name);
  });
  if (is_plain(step)) return;
  write_list(out, step.only.severities, [&](Severity severity) { write_enum(out, severity); });
  write_list(out, step.only.hours, [&](const Schedule& hours) { write(out, hours); });
  out.boolean(step.round_robin).boolean(step.everyone);
}
Step read_step(Reader& in) {
  Step step;
  read_growing_array(in, 2, 6, [&](std::size_t items) {
    step.wait = read_duration(in);
    step.page = read_list<Target>(in, [&] {
      Target target;
      read_array(in, 2, [&] {
        target.kind = read_enum(in, Target::Kind::rota);
        target.name = read_string(in);
      });
      return target;
    });
    if (items < 6) return;
    step.only.severities =
        read_list<Severity>(in, [&] { return read_enum(in, Severity::critical); });
    step.only.hours = read_list<Schedule>(in, [&] { return read_schedule(in); });
    step.round_robin = in.boolean();
    step.everyone = in.boolean();
  });
  return step;
}

}  // namespace

void write(Writer& out, const Schedule& schedule) {
  std::uint64_t days = 0;
  for (int day = 0; day < kWeekdays; ++day)
    if (schedule.days.has(static_cast<Weekday>(day))) days |= 1u << day;
  out.array(6).text(schedule.zone.name()).unsigned_number(days);
  out.number(schedule.from_minute).number(schedule.until_minute);
  write_time(out, schedule.from);
  write_time(out, schedule.until);
}
Schedule read_schedule(Reader& in) {
  Schedule schedule;
  read_array(in, 6, [&] {
    if (auto zone = Zone::load(read_string(in))) schedule.zone = std::move(*zone);
    const std::uint64_t days = in.unsigned_number();
    schedule.days = {};
    for (int day = 0; day < kWeekdays; ++day)
      if (days & (1u << day)) schedule.days.add(static_cast<Weekday>(day));
    schedule.from_minute = static_cast<int>(in.number());
    schedule.until_minute = static_cast<int>(in.number());
    schedule.from = read_time(in);
    schedule.until = read_time(in);
  });
  return schedule;
}

void write(Writer& out, const Policy& policy) {
  const bool lapses = policy.acknowledgement_timeout > Duration::zero();
  out.array(lapses ? 5 : 4).text(policy.name).text(policy.team).unsigned_number(policy.repeat);
  write_list(out, policy.steps, [&](const Step& step) { write_step(out, step); });
  if (lapses) write(out, policy.acknowledgement_timeout);
}
Policy read_policy(Reader& in) {
  Policy policy;
  read_growing_array(in, 4, 5, [&](std::size_t items) {
    policy.name = read_string(in);
    policy.team = read_string(in);
    policy.repeat = read_u32(in);
    policy.steps = read_list<Step>(in, [&] { return read_step(in); });
    if (items > 4) policy.acknowledgement_timeout = read_duration(in);
  });
  return policy;
}

void write(Writer& out, const std::vector<PlannedMessage>& messages) {
  write_list(out, messages, [&](const PlannedMessage& message) {
    out.array(!message.held.empty() ? 6 : message.rota.empty() ? 4 : 5).text(message.id.text);
    write_enum(out, message.kind);
    write(out, message.contact);
    write(out, message.after);
    if (!message.rota.empty() || !message.held.empty()) out.text(message.rota);
    if (!message.held.empty()) out.text(message.held);
  });
}
std::vector<PlannedMessage> read_planned(Reader& in) {
  return read_list<PlannedMessage>(in, [&] {
    PlannedMessage message;
    read_growing_array(in, 4, 6, [&](std::size_t items) {
      message.id.text = read_string(in);
      message.kind = read_enum(in, kLastMessageKind);
      message.contact = read_contact(in);
      message.after = read_duration(in);
      if (items > 4) message.rota = read_string(in);
      if (items > 5) message.held = read_string(in);
    });
    return message;
  });
}

}  // namespace tocsin::codec

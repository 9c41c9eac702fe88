// The report as people read it.
#include <algorithm>
#include <array>
#include <cstdio>

#include "router/core/text.hpp"
#include "router/offline/rota_report.hpp"

namespace tocsin::offline {
namespace {

using Kind = oncall::Source::Kind;

/// In capitals, so that nobody takes it for a name.
constexpr std::string_view kNobody = "NOBODY";

std::string who(const oncall::OnCall& on_call) {
  return on_call.person.empty() ? std::string(kNobody) : on_call.person;
}

std::string with_why(std::string text, const std::string& why) {
  return why.empty() ? text : std::move(text) + ": " + one_line(why);
}

/// What says so, where it is not simply their turn.
std::string because(const RotaReport& report, const oncall::Shift& shift) {
  const oncall::Rota& rota = *report.rota;
  const oncall::Source& source = shift.on_call.source;
  const std::string layer =
      rota.layers.size() > 1 ? "layer " + std::to_string(source.layer + 1) : "";
  switch (source.kind) {
    case Kind::nobody:
      return report.is_closed(shift) ? "outside its hours" : "a gap";
    case Kind::layer:
      return layer;
    case Kind::cover:
      return with_why("for " + source.instead_of + ", who is on leave", source.why);
    case Kind::override:
      return with_why("override", source.why);
  }
  return "";
}

/// Columns of a table, each as wide as its widest text; the last one is not filled up.
std::string table(const std::vector<std::array<std::string, 4>>& rows) {
  std::array<std::size_t, 4> widths{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string until_of(const RotaReport& report) {
  return report.now.until == WallTime::max()
             ? "no hand-over within a year"
             : "until " + moment_in(report.rota->time_zone, report.now.until);
}

std::string text_of_moment(const std::vector<RotaReport>& reports) {
  std::vector<std::array<std::string, 4>> rows;
  for (const RotaReport& report : reports)
    rows.push_back({report.rota->name, who(report.now.on_call), until_of(report),
                    because(report, report.now)});
  return table(rows);
}

std::string text_of_days(const RotaReport& report, int days) {
  const oncall::Rota& rota = *report.rota;
  std::string text = rota.name + (rota.team.empty() ? "" : ", team " + rota.team) + ", in " +
                     rota.time_zone.name() + "\n";
  std::vector<std::array<std::string, 4>> rows;
  for (const oncall::Shift& shift : report.shifts) {
    std::string why = because(report, shift);
    if (shift.on_call.person.empty()) why += ", for " + format_duration(shift.until - shift.from);
    rows.push_back({"  from", moment_in(rota.time_zone, shift.from), who(shift.on_call), why});
  }
  const WallTime end = report.at + std::chrono::hours(24) * days;
  if (!report.shifts.empty() && report.shifts.back().until < end)
    rows.push_back({"  from", moment_in(rota.time_zone, report.shifts.back().until), "…",
                    "too many hand-overs to show; ask for fewer days"});
  else
    rows.push_back({"  until", moment_in(rota.time_zone, end), "", ""});
  return text + table(rows);
}

}  // namespace

std::string moment_in(const Zone& zone, WallTime time) {
  const WallTime whole = std::chrono::floor<std::chrono::seconds>(time);
  const std::int64_t offset =
      zone.civil(time).seconds() -
      std::chrono::duration_cast<std::chrono::seconds>(whole.time_since_epoch()).count();
  const std::int64_t minutes = std::abs(offset) / 60;
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%c%02d:%02d", offset < 0 ? '-' : '+',
                static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  std::string shown = oncall::clock_text(zone, time);
  const std::string name = zone.abbreviation(time);
  // Where a zone's time has no name, the database has the offset for it.
  if (!name.starts_with('+') && !name.starts_with('-')) return shown + " (" + text.data() + ")";
  shown.erase(shown.size() - name.size());
  return shown + text.data();
}

std::string text_of(const std::vector<RotaReport>& reports, const Asked& asked) {
  if (asked.days == 0) return text_of_moment(reports);
  std::string text;
  std::size_t gaps = 0;
  for (const RotaReport& report : reports) {
    text += (text.empty() ? "" : "\n") + text_of_days(report, asked.days);
    gaps += report.vacancies.size();
  }
  if (gaps > 0)
    text += "\nnobody is on call " +
            std::string(gaps == 1 ? "once" : std::to_string(gaps) + " times") +
            ": a step that pages only such a rota then is passed over\n";
  return text;
}

}  // namespace tocsin::offline

// The report as data; times in UTC.
#include <nlohmann/json.hpp>

#include "router/offline/rota_report.hpp"

namespace tocsin::offline {
namespace {

using Json = nlohmann::ordered_json;
using Kind = oncall::Source::Kind;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

const char* word(Kind kind) {
  switch (kind) {
    case Kind::nobody:
      return "nobody";
    case Kind::layer:
      return "layer";
    case Kind::cover:
      return "cover";
    case Kind::override:
      return "override";
  }
  return "nobody";
}

Json time_of(WallTime time) {
  const bool far = time == WallTime::min() || time == WallTime::max();
  return far ? Json(nullptr) : Json(format_rfc3339(time));
}

/// As the API has it, with what is only known of a whole report.
Json json_of(const RotaReport& report, const oncall::Shift& shift) {
  const oncall::Source& source = shift.on_call.source;
  const bool of_layer = source.kind == Kind::layer || source.kind == Kind::cover;
  return {{"person", or_null(shift.on_call.person)},
          {"from", time_of(shift.from)},
          {"until", time_of(shift.until)},
          {"source", word(source.kind)},
          {"layer", of_layer ? Json(source.layer + 1) : Json(nullptr)},
          {"instead_of", or_null(source.instead_of)},
          {"why", or_null(source.why)},
          {"closed", source.kind == Kind::nobody && report.is_closed(shift)}};
}

}  // namespace

std::string json_of(const std::vector<RotaReport>& reports) {
  bool gap = false;
  auto rotas = Json::array();
  for (const RotaReport& report : reports) {
    gap = gap || report.has_gap();
    Json entry{{"rota", report.rota->name},
               {"team", or_null(report.rota->team)},
               {"time_zone", report.rota->time_zone.name()},
               {"at", format_rfc3339(report.at)},
               {"gap", report.has_gap()},
               {"on_call", json_of(report, report.now)}};
    if (!report.shifts.empty()) {
      auto shifts = Json::array();
      for (const oncall::Shift& shift : report.shifts) shifts.push_back(json_of(report, shift));
      entry["shifts"] = std::move(shifts);
    }
    rotas.push_back(std::move(entry));
  }
  const Json all{{"gap", gap}, {"rotas", std::move(rotas)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tocsin::offline

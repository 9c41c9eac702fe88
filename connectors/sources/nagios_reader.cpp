#include "connectors/sources/nagios_reader.hpp"

#include <algorithm>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/posted.hpp"

namespace tocsin::connectors::sources {
namespace {

std::string upper(std::string_view text) {
  std::string high(text);
  for (char& c : high)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return high;
}

/// "NAGIOS_SERVICEDESC", "$SERVICEDESC$", "service_desc" and "serviceDesc" are one name.
std::string plain(std::string_view name) {
  std::string text = lower(name);
  std::erase_if(text, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')); });
  if (text.starts_with("nagios") && text.size() > 6) text.erase(0, 6);
  return text;
}

/// The members of the request by their plain names.
class Macros {
 public:
  explicit Macros(const Json& body) {
    for (const auto& [name, value] : body.members())
      if (!value.is_object()) values_.emplace(plain(name), value.text());
  }
  /// The first of these that was said; "$SERVICEDESC$" was not.
  std::string get(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      const auto found = values_.find(std::string(name));
      if (found == values_.end() || found->second.empty()) continue;
      if (found->second.size() > 1 && found->second.front() == '$' && found->second.back() == '$')
        continue;
      return found->second;
    }
    return {};
  }

 private:
  std::multimap<std::string, std::string> values_;
};

/// What all of them tell.
struct Notice {
  std::string type;  // PROBLEM, RECOVERY, ACKNOWLEDGEMENT …; empty: the state says
  std::string state;
  std::string host, service, summary, details, by, text, url, time;
};

std::string state_named(std::string_view state, bool of_service) {
  constexpr std::array<std::string_view, 4> kService{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  constexpr std::array<std::string_view, 3> kHost{"UP", "DOWN", "UNREACHABLE"};
  if (state.size() != 1 || state[0] < '0' || state[0] > '3') return upper(state);
  const auto number = static_cast<std::size_t>(state[0] - '0');
  if (of_service) return std::string(kService[number]);
  return number < kHost.size() ? std::string(kHost[number]) : "UNREACHABLE";
}

Notice of_macros(const Json& body) {
  const Macros macros(body);
  Notice notice;
  notice.host = macros.get({"hostname", "host", "hostalias"});
  notice.service = macros.get(
      {"servicedesc", "servicedescription", "servicename", "service", "servicedisplayname"});
  notice.type = upper(macros.get({"notificationtype"}));
  const Json result = body["check_result"];
  notice.state = macros.get({"state", notice.service.empty() ? "hoststate" : "servicestate"});
  if (notice.state.empty()) notice.state = result["state"].text();
  notice.state = state_named(notice.state, !notice.service.empty());
  notice.summary = macros.get({"output", notice.service.empty() ? "hostoutput" : "serviceoutput",
                               "serviceoutput", "hostoutput", "message"});
  if (notice.summary.empty()) notice.summary = result["output"].text();
  notice.details = macros.get({"longoutput", "longserviceoutput", "longhostoutput"});
  notice.by = macros.get(
      {"author", "notificationauthor", "ackauthor", "serviceackauthor", "hostackauthor"});
  notice.text = macros.get({"comment", "notificationcomment", "ackcomment", "serviceackcomment",
                            "hostackcomment", "text"});
  notice.url = macros.get({"url", "actionurl", "serviceactionurl", "hostactionurl"});
  notice.time = macros.get({"time", "timet", "timestamp", "lasthardstatechange"});
  return notice;
}

/// An event of Icinga DB, or a message to a channel.
Notice of_icinga_notifications(const Json& body) {
  const bool message = body["params"].is_object();
  const Json params = message ? body["params"] : body;
  const Json object = message ? params["object"] : params;
  const Json event = message ? params["event"] : params;
  Notice notice;
  notice.host = object["tags"]["host"].text();
  notice.service = object["tags"]["service"].text();
  const std::string severity =
      message ? params["incident"]["severity"].text() : params["severity"].text();
  notice.state = upper(severity);
  const std::string type = lower(event["type"].text());
  if (type == "acknowledgement-set")
    notice.type = "ACKNOWLEDGEMENT";
  else if (!type.empty() && type != "state")
    notice.type = upper(type);
  notice.summary = event["message"].text();
  notice.text = notice.type.empty() ? std::string() : notice.summary;
  notice.by = event["username"].text();
  notice.url = object["url"].text();
  notice.time = event["time"].text();
  return notice;
}

bool is_good(const std::string& state) { return state == "OK" || state == "UP"; }

/// Nothing that fires or ends, but something to be known of what is open.
Said word_of(const Notice& notice, const std::string& key) {
  if (notice.type.starts_with("ACKNOWLEDG"))
    return {Said::Kind::acknowledged, short_key(key), notice.by, notice.text};
  std::string text = notice.type;
  if (!notice.text.empty()) text += ": " + notice.text;
  return {Said::Kind::noted, short_key(key), notice.by, std::move(text)};
}

void add_groups(Draft& draft, const Json& relations) {
  for (const char* each : {"hostgroups", "servicegroups"}) {
    std::string names;
    for (const Json& group : relations[each].items()) {
      if (!names.empty()) names += ",";
      names += group["name"].text();
    }
    draft.label_cut(each, names);
  }
  add_labels(draft, relations["host"]["vars"], kMostLabelsTaken);
  add_labels(draft, relations.at_pointer("/services/0/vars"), kMostLabelsTaken);
}

}  // namespace

Result<Parsed> read_nagios(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, posted(request));
  if (!body.is_object()) return invalid("the body is a list; wanted one notification");
  const bool newer = body["tags"].is_object() || body["params"].is_object();
  const Notice notice = newer ? of_icinga_notifications(body) : of_macros(body);
  if (notice.host.empty())
    return invalid("there is no host_name; use the command of the documentation");
  const std::string key = notice.service.empty() ? notice.host : notice.host + "!" + notice.service;
  const bool recovery = notice.type.starts_with("RECOVERY");
  Parsed parsed;
  if (!notice.type.empty() && !recovery && notice.type != "PROBLEM") {
    parsed.said.push_back(word_of(notice, key));
    return parsed;
  }
  if (notice.type.empty() && notice.state.empty())
    return invalid("there is neither notification_type nor state");
  const Macros macros(body);
  Draft draft;
  draft.key = key;
  add_groups(draft, body["relations"]);
  draft.label_cut("hostgroups", macros.get({"hostgroupnames", "hostgroupname"}));
  draft.label_cut("servicegroups", macros.get({"servicegroupnames", "servicegroupname"}));
  draft.label_cut("address", macros.get({"hostaddress", "address"}));
  draft.label_cut("alertname", notice.service.empty() ? "host check" : notice.service);
  draft.label_cut("host", notice.host);
  draft.label_cut("service", notice.service);
  draft.annotation("summary", notice.summary);
  draft.annotation("description", notice.details);
  draft.annotation("state", notice.state);
  draft.generator_url = notice.url;
  const auto at = time_of(Json::object({{"time", notice.time}})["time"]);
  if (recovery || is_good(notice.state)) {
    draft.status = AlertStatus::resolved;
    draft.ends_at = at;
  } else {
    draft.label_cut("severity", notice.state);
    draft.starts_at = at;
    draft.ends_at = context.received.wall + kHoldsUntilResolved;
  }
  return one_alert(draft, context.received.wall);
}

}  // namespace tocsin::connectors::sources

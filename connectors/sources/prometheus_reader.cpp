#include "connectors/sources/prometheus_reader.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "connectors/sources/alert_fields.hpp"
#include "connectors/sources/limits.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::sources {
namespace {

using Json = nlohmann::json;

constexpr WallTime kZeroTime =
    WallTime(std::chrono::seconds(-62'135'596'800));  // 0001-01-01, Go's "no time"

constexpr std::size_t kShownNameBytes = 80;

/// One alert while it is read. Its first fault is kept; the rest of it is read over.
struct Draft {
  PairCollector labels, annotations;
  std::optional<WallTime> starts_at, ends_at;
  std::string generator_url;
  std::string fault;

  void clear() {
    labels.clear();
    annotations.clear();
    starts_at.reset();
    ends_at.reset();
    generator_url.clear();
    fault.clear();
  }
  void wrong(std::string what) {
    if (fault.empty()) fault = std::move(what);
  }
};

Alert finish(const Draft& draft, WallTime received) {
  Alert alert;
  alert.labels = draft.labels.labels();
  alert.key = fingerprint(alert.labels);
  alert.annotations = draft.annotations.annotations();
  alert.generator_url = draft.generator_url;
  alert.ends_at = draft.ends_at.value_or(received + kResolveTimeout);
  alert.status = *alert.ends_at <= received ? AlertStatus::resolved : AlertStatus::firing;
  // Of one that fires and says no start, its receipt is the best that is known; a later start would
  // not have happened yet.
  alert.starts_at = draft.starts_at.value_or(std::min(*alert.ends_at, received));
  return alert;
}

/// The events of nlohmann's parser as alerts. Depth 1 is the list, 2 an alert, 3 its labels or
/// annotations.
class Events {
 public:
  Events(WallTime received, Parsed& parsed) : received_(received), parsed_(parsed) {}

  const std::optional<Error>& error() const { return error_; }

  bool null() { return scalar("null", {}); }
  bool boolean(bool) { return scalar("a boolean", {}); }
  bool number_integer(std::int64_t) { return scalar("a number", {}); }
  bool number_unsigned(std::uint64_t) { return scalar("a number", {}); }
  bool number_float(double, const std::string&) { return scalar("a number", {}); }
  bool string(std::string& value) { return scalar({}, value); }
  bool binary(Json::binary_t&) { return scalar("binary data", {}); }

  bool key(std::string& name) {
    if (skip_below_ != 0) return true;
    if (depth_ == 2)
      member_ = member_named(name);
    else
      name_.assign(name);
    return true;
  }

  bool start_object(std::size_t) {
    if (depth_ == 0)
      return fail(invalid("a JSON list of alerts is expected, not an object; put it in [ ]"));
    if (skip_below_ == 0 && depth_ == 1) {
      if (!begin_alert()) return false;
    } else if (skip_below_ == 0) {
      begin_nested("an object",
                   depth_ == 2 && (member_ == Member::labels || member_ == Member::annotations));
    }
    return deeper();
  }
  bool start_array(std::size_t) {
    if (skip_below_ == 0 && depth_ == 1) {
      if (!begin_alert()) return false;
      draft_.wrong("it must be an object, not a list");
      skip_below_ = depth_ + 1;
    } else if (skip_below_ == 0 && depth_ > 1) {
      begin_nested("a list", false);
    }
    return deeper();
  }
  bool end_object() { return shallower(); }
  bool end_array() { return shallower(); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& what) {
    const std::string_view text = what.what();
    const bool utf8 = text.find("ill-formed UTF-8") != std::string_view::npos;
    const bool range = text.find("number overflow") != std::string_view::npos;
    return fail(invalid(std::string("the body is not JSON: ") +
                        (utf8    ? "this is not UTF-8"
                         : range ? "this number is too large"
                                 : "this is not expected") +
                        ", at byte " + std::to_string(position)));
  }

 private:
  enum class Member { other, labels, annotations, starts_at, ends_at, generator_url };

  static Member member_named(std::string_view name) {
    if (name == "labels") return Member::labels;
    if (name == "annotations") return Member::annotations;
    if (name == "startsAt") return Member::starts_at;
    if (name == "endsAt") return Member::ends_at;
    if (name == "generatorURL") return Member::generator_url;
    return Member::other;
  }

  bool fail(Error error) {
    error_ = std::move(error);
    return false;
  }
  bool deeper() {
    if (++depth_ <= kMostJsonDepth) return true;
    return fail(
        invalid("the body is nested more than " + std::to_string(kMostJsonDepth) + " levels deep"));
  }
  bool shallower() {
    if (skip_below_ == depth_) skip_below_ = 0;
    if (skip_below_ == 0 && depth_ == 2) end_alert();
    --depth_;
    return true;
  }

  bool begin_alert() {
    if (count_ == kMostAlertsPerRequest)
      return fail(refused("the request has more than " + std::to_string(kMostAlertsPerRequest) +
                          " alerts; send fewer at once"));
    ++count_;
    draft_.clear();
    return true;
  }
  void end_alert() {
    if (draft_.starts_at && draft_.ends_at && *draft_.starts_at > *draft_.ends_at)
      draft_.wrong("start time must be before end time");
    draft_.wrong(draft_.labels.label_fault());
    if (draft_.fault.empty())
      parsed_.alerts.push_back(finish(draft_, received_));
    else
      parsed_.rejected.push_back({count_ - 1, std::move(draft_.fault)});
  }

  /// Something nested inside an alert begins: the pairs that are wanted, or something to read over.
  void begin_nested(std::string_view kind, bool pairs) {
    if (pairs) {
      (member_ == Member::labels ? draft_.labels : draft_.annotations)
          .clear();  // of two, the last counts
      return;
    }
    misplaced(kind);
    skip_below_ = depth_ + 1;
  }

  /// `value` where `kind` is empty, else something that is no string.
  bool scalar(std::string_view kind, std::string_view value) {
    if (depth_ == 0) return fail(invalid("a JSON list of alerts is expected; put them in [ ]"));
    if (skip_below_ != 0) return true;
    if (depth_ == 1) {
      if (!begin_alert()) return false;
      draft_.wrong("it must be an object, not " + std::string(kind.empty() ? "a string" : kind));
      end_alert();
    } else if (kind.empty()) {
      text(value);
    } else if (kind == "null") {
      absent();
    } else {
      misplaced(kind);
    }
    return true;
  }

  void text(std::string_view value) {
    if (depth_ == 3) {
      (member_ == Member::labels ? draft_.labels : draft_.annotations).add(name_, value);
      return;
    }
    switch (member_) {
      case Member::labels:
      case Member::annotations:
        return misplaced("a string");
      case Member::starts_at:
        return time("startsAt", value, draft_.starts_at);
      case Member::ends_at:
        return time("endsAt", value, draft_.ends_at);
      case Member::generator_url:
        draft_.generator_url = value.size() <= kMostGeneratorUrlBytes ? value : std::string_view();
        return;
      case Member::other:
        return;
    }
  }

  /// null is what some senders write for what they leave out.
  void absent() {
    if (depth_ == 3)
      text({});
    else if (member_ == Member::starts_at)
      draft_.starts_at.reset();
    else if (member_ == Member::ends_at)
      draft_.ends_at.reset();
    else if (member_ == Member::generator_url)
      draft_.generator_url.clear();
    else if (member_ == Member::labels)
      draft_.labels.clear();
    else if (member_ == Member::annotations)
      draft_.annotations.clear();
  }

  void time(const char* which, std::string_view value, std::optional<WallTime>& into) {
    into.reset();
    if (value.empty()) return;
    const Result<WallTime> read = parse_rfc3339(value);
    if (!read)
      draft_.wrong(std::string(which) + " is " + read.error().message);
    else if (*read != kZeroTime)
      into = *read;
  }

  void misplaced(std::string_view kind) {
    const std::string is = " is " + std::string(kind);
    if (depth_ == 3) {
      const std::string name = cut(one_line(name_), kShownNameBytes);
      draft_.wrong((member_ == Member::labels ? "label \"" : "annotation \"") + name + "\"" + is +
                   "; its value must be a string");
      return;
    }
    switch (member_) {
      case Member::labels:
        return draft_.wrong("labels" + is + "; it must be an object of strings");
      case Member::annotations:
        return draft_.wrong("annotations" + is + "; it must be an object of strings");
      case Member::starts_at:
        return draft_.wrong("startsAt" + is + "; it must be an RFC 3339 time in quotes");
      case Member::ends_at:
        return draft_.wrong("endsAt" + is + "; it must be an RFC 3339 time in quotes");
      case Member::generator_url:
      case Member::other:
        return;
    }
  }

  WallTime received_;
  Parsed& parsed_;
  std::optional<Error> error_;
  Draft draft_;
  std::size_t depth_ = 0;
  std::size_t skip_below_ = 0;  // the depth of what is read over; 0: nothing is
  std::size_t count_ = 0;
  Member member_ = Member::other;
  std::string name_;
};

}  // namespace

Result<Parsed> read_prometheus_alerts(std::string_view body, WallTime received) {
  if (body.empty()) return invalid("the body is empty; a JSON list of alerts is expected");
  Parsed parsed;
  Events events(received, parsed);
  const bool complete = Json::sax_parse(body.begin(), body.end(), &events);
  if (!complete) return events.error().value_or(invalid("the body is not JSON"));
  return parsed;
}

}  // namespace tocsin::connectors::sources

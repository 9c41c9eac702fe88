#include "rules/silence.hpp"

namespace tocsin::rules {
namespace {

Status check_length(const char* what, const std::string& text, std::size_t most) {
  if (text.size() <= most) return ok();
  return invalid(std::string(what) + ": longer than " + std::to_string(most) +
                 " bytes; write less");
}

Status check_times(const control::Silence& asked) {
  if (asked.ends_at <= asked.starts_at)
    return invalid("the end is not after the start; give a later end");
  // Unsigned, as a start and an end may be as far apart as numbers go.
  const auto length = static_cast<std::uint64_t>(asked.ends_at.time_since_epoch().count()) -
                      static_cast<std::uint64_t>(asked.starts_at.time_since_epoch().count());
  if (length > static_cast<std::uint64_t>(kLongestSilence.count()))
    return invalid("longer than " + format_duration(kLongestSilence) +
                   "; give an earlier end, and set it again when it is due");
  return ok();
}

Result<std::vector<Matcher>> read(const std::vector<std::string>& texts) {
  if (texts.empty()) return invalid("it has no matcher; say which alerts, e.g. service=\"api\"");
  if (texts.size() > kMostSilenceMatchers)
    return invalid("more than " + std::to_string(kMostSilenceMatchers) +
                   " matchers; use fewer, or a regular expression such as service=~\"a|b\"");
  std::vector<Matcher> matchers;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string which = "matchers[" + std::to_string(i) + "]";
    TOCSIN_TRY(const Unit fits, check_length(which.c_str(), texts[i], kMostSilenceMatcherBytes));
    static_cast<void>(fits);
    auto matcher = Matcher::parse(texts[i]);
    if (!matcher) return invalid(which + ": " + matcher.error().message);
    matchers.push_back(std::move(*matcher));
  }
  if (matches_without_labels(matchers))
    return invalid(
        "the matchers match an alert without any label, and so perhaps every alert; add one that "
        "does not, e.g. service=\"api\", or alertname=~\".+\" for every alert that has a name");
  return matchers;
}

}  // namespace

bool matches_without_labels(const std::vector<Matcher>& matchers) {
  return all_match(matchers, Fields());
}

Result<Silence> make_silence(const control::Silence& asked) {
  TOCSIN_TRY(auto matchers, read(asked.matchers));
  TOCSIN_TRY(const Unit times, check_times(asked));
  TOCSIN_TRY(const Unit by, check_length("by", asked.by, kMostSilenceByBytes));
  TOCSIN_TRY(const Unit why, check_length("why", asked.why, kMostSilenceWhyBytes));
  static_cast<void>(times), static_cast<void>(by), static_cast<void>(why);
  return Silence{asked.id, std::move(matchers), asked.starts_at, asked.ends_at, asked.by,
                 asked.why};
}

bool covers(const Silence& silence, const Fields& labels, WallTime now) {
  return silence.starts_at <= now && now < silence.ends_at && all_match(silence.matchers, labels);
}

}  // namespace tocsin::rules
